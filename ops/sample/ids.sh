# The ids in the sample that the commands of this folder and a newcomer's first look need. Sourced, never run.
# shellcheck shell=bash disable=SC2034
SAMPLE_HOLDER=sunrise
SAMPLE_PERSON=P-01
SAMPLE_FUND=F-01
SAMPLE_COUNCIL=E10999901
SAMPLE_SUPPORTER=primrose.thimblewick
