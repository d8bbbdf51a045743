"""How a run of the command line ended, for tests to look at."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Ended:
    """An exit code, and what was said."""

    code: int
    out: str
    err: str


Run = Callable[..., Ended]


VARIANT = """
definition my-variant amends kpcs-core-2002 "Armies too" {
  status proposed
  source "a test"

  widen actor with army "or armies": link.actor.kinds includes state_armed_forces

  expect captured ang-unita-1992-2002
}
"""
"""A variant that is sound, with an expectation."""
