"""The strong tables of Kleene, Introduction to Metamathematics (1952), section 64, page 334.

The only place in the project where truth is typed in. `t` true, `f` false, `u` undefined.
"""

NOT = {"t": "f", "f": "t", "u": "u"}

AND = {
    ("t", "t"): "t", ("t", "f"): "f", ("t", "u"): "u",
    ("f", "t"): "f", ("f", "f"): "f", ("f", "u"): "f",
    ("u", "t"): "u", ("u", "f"): "f", ("u", "u"): "u",
}  # fmt: skip

OR = {
    ("t", "t"): "t", ("t", "f"): "t", ("t", "u"): "t",
    ("f", "t"): "t", ("f", "f"): "f", ("f", "u"): "u",
    ("u", "t"): "t", ("u", "f"): "u", ("u", "u"): "u",
}  # fmt: skip
