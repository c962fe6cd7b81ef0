"""For commands whose help is a page to read: its lines and paragraphs stay as they are written."""

from argparse import RawDescriptionHelpFormatter
from typing import Any

from django.core.management.base import BaseCommand, CommandParser


class LongHelpCommand(BaseCommand):
    def create_parser(self, prog_name: str, subcommand: str, **options: Any) -> CommandParser:
        return super().create_parser(
            prog_name, subcommand, **{"formatter_class": RawDescriptionHelpFormatter} | options
        )
