"""Domain values in, Block Kit out, nothing else."""
