# My hours: 1 hour = 1 hour.
hours-title = My hours
hours-balance = Your balance
hours-rule = 1 hour given = 1 hour received, whatever the task.
hours-negative = You have received { $owed } more than you gave. It is allowed up to { $limit }.
hours-given = Given
hours-received = Received
hours-lines = Exchanges
hours-empty = No exchange in hours yet.
hours-line-given = given
hours-line-received = received
hours-pending = to confirm
hours-correction = Correction: { $title }
