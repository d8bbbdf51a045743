"""Mutants that mean the same as the code itself, by module, with the reason."""

SPARED: dict[str, dict[str, tuple[str, ...]]] = {
    "kprules.evaluation.walker": {
        "one of two facts that are not there is as good as the other to look at": (
            "Walker.compare: `first` becomes `second` (3)",
        ),
        "what is kept of a list that asks about all entries is never asked for": (
            "likeness: `len(about) + 1` becomes `len(about) - 1`",
        ),
    },
    "kprules.formula.lowering": {
        "what an engine answers where a fact is unknown does not matter": (
            "Lowering.compare: `self.store.false` becomes `self.store.true`",
            "Lowering.compare: `return self.store.false` becomes `return None` (2)",
            "Lowering.compare: `self.store.false` becomes `self.store.true` (2)",
            "Lowering.member: `self.store.false` becomes `self.store.true`",
            "Lowering.count: `self.store.false` becomes `self.store.true` (2)",
            "Lowering.share: `self.store.false` becomes `self.store.true`",
            "Lowering.share: `self.store.false` becomes `self.store.true` (2)",
        ),
        "the first and the last day of a whole date are one day": (
            "Lowering.compare: `'earliest'` becomes `'latest'`",
            "Lowering.compare: `'earliest'` becomes `'latest'` (2)",
        ),
        "both sides of a comparison are dates, or neither is": (
            "Lowering.compare: `first` becomes `second` (2)",
            "Lowering.compare: `second` becomes `first` (4)",
        ),
        "any of one value is all of it": ("Lowering.includes: `'any'` becomes `'all'`",),
        "it saves work, or arranges it": (
            "Lowering.compare: `second` becomes `first` (3)",
            "Lowering.compare: `second` becomes `first` (5)",
            "Lowering.share: `self.store.pair(pro)` becomes `pass`",
            (
                "Lowering.share: `self.store.pair(Truth(certain=contra.possible, "
                "possible=contra.certain))` becomes `pass`"
            ),
            "Lowering.share: `contra.possible` becomes `contra.certain`",
            "Lowering.share: `contra.certain` becomes `contra.possible`",
            "Lowering._never: `return self.foresight.known(place) is False` becomes `return None`",
        ),
    },
    "kprules.evaluation.python_source": {
        "numbers in names need only differ": (
            "Source.__init__: `0` becomes `1`",
            "Source.new: `1` becomes `2`",
        ),
        "nobody asks for the name there": ("Source._open: `return name` becomes `return None`",),
        "it is asked once too often, and is never so": (
            "Source.record: `len(fields) > 1` becomes `len(fields) >= 1`",
            (
                "Source._compared: `len(node.left.path.fields) > 1` becomes "
                "`len(node.left.path.fields) >= 1`"
            ),
        ),
        "the two sides are of one type, and the same where it matters": (
            "Source._compared: `node.left` becomes `node.right` (2)",
            "Source._compared: `left` becomes `right` (5)",
        ),
    },
    "kprules.evaluation.python_blocks": {},
    "kprules.evaluation.python_plan": {
        "only the order of costs counts": ("Planner._cost: `4` becomes `5`",),
    },
    "kprules.evaluation.telling_source": {
        "how much is written at most is nothing that is told": (
            (
                "_Writer._clause: `at.depth > _DEEPEST or len(self.lines.lines) > _MOST_LINES` "
                "becomes `at.depth > _DEEPEST and len(self.lines.lines) > _MOST_LINES`"
            ),
            "_Writer._clause: `at.depth > _DEEPEST` becomes `at.depth >= _DEEPEST`",
            (
                "_Writer._clause: `len(self.lines.lines) > _MOST_LINES` becomes "
                "`len(self.lines.lines) >= _MOST_LINES`"
            ),
            (
                "_Writer._follow: `at.depth > _DEEPEST or len(self.lines.lines) > _MOST_LINES` "
                "becomes `at.depth > _DEEPEST and len(self.lines.lines) > _MOST_LINES`"
            ),
            "_Writer._follow: `at.depth > _DEEPEST` becomes `at.depth >= _DEEPEST`",
            (
                "_Writer._follow: `len(self.lines.lines) > _MOST_LINES` becomes "
                "`len(self.lines.lines) >= _MOST_LINES`"
            ),
        ),
        "a block may be indented more than it need be": (
            "_Writer._clause: `1` becomes `2`",
            "_Writer._block: `1` becomes `2`",
            "_Writer._loop: `1` becomes `2`",
        ),
        "it saves work, or arranges it": (
            "_Writer._quantified: `1` becomes `2`",
            "_Writer._quantified: `around >= _MOST_AROUND` becomes `around > _MOST_AROUND`",
            (
                "_Writer._quantified: `len(asked_about(form)) < around` becomes "
                "`len(asked_about(form)) <= around`"
            ),
            "_Writer._loop: `0` becomes `1`",
            "_Writer._loop: `least > 1` becomes `least >= 1`",
            """_Writer._loop: `at.entry != '""'` becomes `at.entry == '""'`""",
        ),
    },
    "kprules.evaluation.telling_facts": {
        "numbers in names need only differ": (
            "Lines.__init__: `0` becomes `1`",
            "Lines.new: `1` becomes `2`",
        ),
        "it saves work: what is looked up or asked again is the same": (
            "Facts.rested_on: `True` becomes `False`",
            "Facts.entries: `len(path.fields) > _INLINE` becomes `len(path.fields) >= _INLINE`",
            "Facts._is_reference: `shape is None` becomes `shape is not None`",
            (
                "Facts._is_reference: `return field is not None and isinstance(field.type, "
                "Reference)` becomes `return None`"
            ),
            (
                "_is_inline: `return len(path.fields) <= _INLINE and (not isinstance(path.type, "
                "Nested))` becomes `return None`"
            ),
            "_is_inline: `len(path.fields) <= _INLINE` becomes `len(path.fields) < _INLINE`",
            (
                "_plainly: `case Scalar('bool' | 'enum' | 'text' | 'number')` becomes "
                "`case Scalar('bool' | 'enum' | 'text' | 'number') never`"
            ),
            (
                "_plainly: `case SetOf(Scalar('enum' | 'text'))` becomes "
                "`case SetOf(Scalar('enum' | 'text')) never`"
            ),
            "_plainly: `case ListOf()` becomes `case ListOf() never`",
        ),
        "a path of one field has no more of them": ("Facts._fact: `1` becomes `2`",),
    },
}
