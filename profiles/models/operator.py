"""The people who sign in here."""

from zoneinfo import ZoneInfo, available_timezones

from django.contrib.auth.models import AbstractUser
from django.core.exceptions import ValidationError
from django.db import models


def validate_timezone(value: str) -> None:
    if value not in available_timezones():
        raise ValidationError(f"“{value}” is not a time zone of the IANA list, like Europe/Berlin.")


class Theme(models.TextChoices):
    AUTO = "auto", "As the device"
    LIGHT = "light", "Light"
    DARK = "dark", "Dark"


class Operator(AbstractUser):
    """Somebody who signs in; never called "user", which is what the customer's people are."""

    timezone = models.CharField(max_length=64, default="UTC", validators=[validate_timezone])
    theme = models.CharField(max_length=5, choices=Theme, default=Theme.AUTO)

    class Meta:
        verbose_name = "operator"

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)
