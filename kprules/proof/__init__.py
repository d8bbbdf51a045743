"""What holds of definitions over all records: proofs, and small cases that show what they say."""
