"""Training the small French encoder: sub-words, pretraining, fine-tuning, export; PyTorch lives here only (extra `train`)."""
