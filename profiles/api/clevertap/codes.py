"""CleverTap's codes for what is wrong with a record, and what it says then (contracts 4b, recorded texts)."""

from collections.abc import Mapping
from typing import Final

GENDER, EMAIL, PHONE, EMPLOYED, EDUCATION, MARRIED, AGE = 514, 515, 516, 517, 518, 519, 520
# Ours: CleverTap has no code for a value of the wrong type, and its numbers leave this one free.
UNFIT: Final = 521
NO_IDENTITY: Final = 523
NOT_A_RECORD: Final = 524
NOT_AN_EPOCH: Final = 525
BAD_OBJECT_ID: Final = 526
EVENT: Final = 528
TOKEN_OBJECT_ID, TOKEN_DATA, TOKEN_ID, TOKEN_NO_TYPE, TOKEN_TYPE = 530, 531, 532, 533, 534

SENTENCES: Final[Mapping[int, str]] = {
    GENDER: "Profile data is incorrect. Gender needs to be M/F.",
    EMAIL: "Profile data is incorrect. Email is not valid.",
    PHONE: "Profile data is incorrect. Phone number is not valid.",
    EMPLOYED: "Profile data is incorrect. Employed needs to be Y/N.",
    EDUCATION: "Profile data is incorrect. Education needs to be School/College/Graduate.",
    MARRIED: "Profile data is incorrect. Married needs to be Y/N.",
    AGE: "Profile data is incorrect. Age is invalid.",
    NO_IDENTITY: "Identity is missing or not valid.",
    NOT_A_RECORD: "Data is neither event nor profile.",
    NOT_AN_EPOCH: "Timestamp should be present in the Unix Epoch format. ",
    BAD_OBJECT_ID: "ObjectId is not valid.",
    EVENT: "Events are not taken yet: this one is discarded.",
    TOKEN_OBJECT_ID: "Token data is incorrect. ObjectId is not valid.",
    TOKEN_DATA: "Token data is incorrect.",
    TOKEN_ID: "Token data is incorrect. The id is missing.",
    TOKEN_NO_TYPE: "Token data is incorrect. The type is missing.",
    TOKEN_TYPE: "Token data is incorrect. The type needs to be apns/gcm/fcm/wns/mpns.",
}


class Skipped(Exception):
    """The record is not taken."""

    def __init__(self, code: int, sentence: str = "") -> None:
        super().__init__(sentence or SENTENCES[code])
        self.code = code
