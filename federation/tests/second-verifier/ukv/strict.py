"""Allowed JSON, canonical bytes, base58 and strict Ed25519. Source: the protocol UKV-1, 4.2."""

import functools
import hashlib
import json
import re
import unicodedata
from datetime import datetime

import jcs
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

DEPTH_MAX = 32
NAME_BYTES_MAX = 128
INTEGER_MAX = 2**53 - 1


class Bad(Exception):
    """Something that is there is wrong."""


def parse(data):
    """One JSON document that no two readers can read in two ways."""

    def pairs(items):
        names = [name for name, _ in items]
        if len(set(names)) != len(names):
            raise Bad("a name twice")
        return dict(items)

    def no_float(_text):
        raise Bad("a number that is no integer")

    def integer(text):
        number = int(text)
        if text == "-0" or abs(number) > INTEGER_MAX:
            raise Bad("an integer out of range")
        return number

    try:
        value = json.loads(
            data.decode("utf-8"),
            object_pairs_hook=pairs,
            parse_float=no_float,
            parse_constant=no_float,
            parse_int=integer,
        )
    except (UnicodeDecodeError, ValueError, RecursionError) as error:
        raise Bad(str(error)) from error
    check(value, 1)
    return value


def check(value, depth):
    """Texts and depth, at every depth."""
    if isinstance(value, (dict, list)) and depth > DEPTH_MAX:
        raise Bad("too deep")
    if isinstance(value, dict):
        for name, member in value.items():
            check_text(name)
            if len(name.encode()) > NAME_BYTES_MAX:
                raise Bad("a long name")
            check(member, depth + 1)
    elif isinstance(value, list):
        for item in value:
            check(item, depth + 1)
    elif isinstance(value, str):
        check_text(value)
    elif value is None:
        raise Bad("null")


def check_text(text):
    is_plain = text and "\0" not in text and not re.search("[\ud800-\udfff]", text)
    if not is_plain or not unicodedata.is_normalized("NFC", text):
        raise Bad("a text that is empty, not in NFC or not Unicode")


def canonical(value):
    return jcs.canonicalize(value)


def sha256(data):
    return hashlib.sha256(data).digest()


def hash_of(value):
    """Lower-case hex of the hash of the canonical bytes."""
    return sha256(canonical(value)).hex()


ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
DIGITS = {character: number for number, character in enumerate(ALPHABET)}


def base58(text):
    """The bytes of `z` and base58btc."""
    if not isinstance(text, str) or not text.startswith("z") or len(text) > 96:
        raise Bad("no multibase")
    number = 0
    for character in text[1:]:
        if character not in DIGITS:
            raise Bad("no base58")
        number = number * 58 + DIGITS[character]
    zeros = len(text) - 1 - len(text[1:].lstrip("1"))
    return bytes(zeros) + number.to_bytes((number.bit_length() + 7) // 8, "big")


def instant(text):
    """Seconds of `YYYY-MM-DDThh:mm:ssZ`."""
    if not isinstance(text, str) or not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z", text):
        raise Bad("no instant")
    try:
        read = datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ")
    except ValueError as error:
        raise Bad("no real instant") from error
    if read.year < 1970:
        raise Bad("before 1970: decision 0009")
    return int((read - datetime(1970, 1, 1)).total_seconds())


# Ed25519: what OpenSSL does not refuse by itself is refused here.

P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
IDENTITY = (0, 1)


def add(one, other):
    (x1, y1), (x2, y2) = one, other
    product = D * x1 * x2 * y1 * y2 % P
    x = (x1 * y2 + x2 * y1) * pow(1 + product, P - 2, P) % P
    y = (y1 * y2 + x1 * x2) * pow(1 - product, P - 2, P) % P
    return x, y


def times(number, point):
    found = IDENTITY
    while number:
        if number & 1:
            found = add(found, point)
        point = add(point, point)
        number >>= 1
    return found


@functools.lru_cache(maxsize=None)
def point(data):
    """The point of 32 canonical bytes."""
    number = int.from_bytes(data, "little")
    y, sign = number & (2**255 - 1), number >> 255
    if y >= P:
        raise Bad("a point that is not canonical")
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * pow(2, (P - 1) // 4, P) % P
    if (x * x - square) % P or (x == 0 and sign):
        raise Bad("no point")
    return (P - x if x & 1 != sign else x), y


@functools.lru_cache(maxsize=None)
def is_small(data):
    return times(8, point(data)) == IDENTITY


@functools.lru_cache(maxsize=None)
def key(text):
    """The 32 bytes of a good public key."""
    data = base58(text)
    if len(data) != 34 or data[:2] != b"\xed\x01":
        raise Bad("no Ed25519 key")
    if is_small(data[2:]):
        raise Bad("a key of small order")
    return data[2:]


def verifies(public, message, signature):
    """Strict: canonical S and points, no small order, no cofactor."""
    if len(signature) != 64 or int.from_bytes(signature[32:], "little") >= ORDER:
        return False
    try:
        if is_small(signature[:32]):
            return False
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except (Bad, InvalidSignature):
        return False
    return True
