"""The room of a workshop: who is in it, the broadcast, questions and answers, and how hosts share all that."""
