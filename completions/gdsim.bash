# Completion for bash, loaded when tab is first pressed: gdsim itself tells what can be typed.
eval "$("${1:-gdsim}" completion bash 2>/dev/null)"
