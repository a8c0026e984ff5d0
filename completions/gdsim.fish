# Completion for fish, loaded when tab is first pressed: gdsim itself tells what can be typed.
gdsim completion fish 2>/dev/null | source
