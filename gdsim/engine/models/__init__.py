"""The models that a run trains: functions, perceptrons and networks."""
