"""The Training place: whatever learns, followed and put to use."""
