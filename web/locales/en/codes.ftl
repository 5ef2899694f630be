# Error codes of the server that say more than their status: error-<code>, found by the code itself.
error-too-many-files = There are too many files. Keep 4 at most.
error-too-many-fields = This form is too long.
error-nul-in-text = The text holds a character we cannot keep.
error-broken-form = The form arrived damaged. Send it again.
error-password-too-long = This password is too long.
error-proposal-gone = This announcement was withdrawn.
error-proposal-closed = This announcement takes no more answers.
error-not-json = Send JSON, with its Content-Type header.
error-bad-json = The message is not readable JSON, or a field is missing.
error-content-type = We do not take this kind of message.
error-cursor-unknown = The rest of this list no longer exists. Start again from the beginning.
error-idempotency-key = The Idempotency-Key was used for something else, or is too long.
error-resource-missing = The name of what you look for is missing.
error-not-acceptable = This address does not exist in this form.
error-not-a-form = Use the page and its button.
