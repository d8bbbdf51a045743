"""Lines as they are written: indentation, the comments behind them, blank lines between them.

Guarantee: a comment never swallows what is written after it, and no line ends in blanks. A line in
here touches characters.
"""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(slots=True)
class Writer:
    """A text under way."""

    width: int
    lines: list[str] = field(default_factory=list)
    current: str = ""
    behind: list[str] = field(default_factory=list)
    """Comments that wait for the end of the current line."""
    opening: bool = False
    """Whether the current line ends with an opening brace."""
    opened: int = -1
    """The number of lines up to the last that ended so."""
    began: tuple[int, int] = (0, 0)
    """The line and the column where what is being written began."""

    def text(self, words: str) -> None:
        """Go on in the line."""
        self.current += words

    def fits(self, length: int) -> bool:
        """Whether so many characters still go into the line."""
        return len(self.current) + length <= self.width

    @property
    def fresh(self) -> bool:
        """Whether nothing stands in the line yet."""
        return not self.current.strip()

    def note(self, comment: str) -> None:
        """Write a comment at the end of the line, wherever that comes to be."""
        self.behind.append(comment)

    def newline(self, indent: int) -> None:
        """End the line and begin the next."""
        line = self.current.rstrip()
        if self.behind:
            *others, last = self.behind
            self.behind.clear()
            self.above(line, others)
            line = f"{line}  {last}"
        self.lines.append(line)
        if self.opening:
            self.opening, self.opened = False, len(self.lines)
        self.current = " " * indent

    def above(self, line: str, comments: list[str]) -> None:
        """Write comments above what the line belongs to: two behind it would become one."""
        if line.lstrip().startswith("}"):
            margin = len(line) - len(line.lstrip()) + 2
            self.lines += [" " * margin + comment for comment in comments]
        else:
            number, margin = self.began
            self.lines[number:number] = [" " * margin + comment for comment in comments]

    def begin(self) -> None:
        """Remember that something begins in the current line that comments can stand above."""
        self.began = len(self.lines), len(self.current)

    def line(self, indent: int) -> None:
        """Begin a line, unless one has just begun."""
        if self.fresh and not self.behind:
            self.current = " " * indent
        else:
            self.newline(indent)

    def open(self, brace: str) -> None:
        """Write a brace whose content goes on lines of its own."""
        self.text(brace)
        self.opening = True

    def blank(self) -> None:
        """Leave a line blank before the one that has just begun; never two, none after a brace."""
        if self.lines and self.lines[-1] and len(self.lines) != self.opened:
            self.lines.append("")

    def finished(self) -> str:
        """Return the text, with one line end at its end."""
        if self.current.strip() or self.behind:
            self.newline(0)
        while self.lines and not self.lines[-1]:
            self.lines.pop()
        return "\n".join(self.lines) + "\n" if self.lines else ""
