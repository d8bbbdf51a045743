"""Mutants that mean the same as the code itself, by module, with the reason."""

SPARED: dict[str, dict[str, tuple[str, ...]]] = {
    "kprules.evaluation.walker": {
        "one of two facts that are not there is as good as the other to look at": (
            "Walker.compare: `first` becomes `second` (3)",
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
}
