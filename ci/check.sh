#!/usr/bin/env bash
# Audits drafts in a build, on any runner that has bash, git and the program `compliance`.
#
# Reads (all may be left out):
#   DRAFTS        files or folders, one a line; without it, the drafts of compliance.yaml
#   BASE          revision to compare with, such as origin/main; without it, nothing is compared
#   OUT           folder for what is written (compliance-out)
#   SARIF         "true" writes compliance.sarif
#   ANNOTATIONS   "true" prints GitHub annotations
#   PROFILE CONFIG FAIL_ON MIN_PRIORITY BASELINE REPORT_LANG   as the options of `compliance check`
# Writes in OUT: summary.md, diff.md (when something can be compared), compliance.sarif.
# Exit status: that of `compliance check`; with NEVER_FAIL=true, 0, and the status is in OUT/status.
set -uo pipefail

out=${OUT:-compliance-out}
mkdir -p "$out" || exit 2
rm -f "$out"/summary.md "$out"/diff.md "$out"/compliance.sarif "$out"/status

options=()
add() { if [ -n "$2" ]; then options+=("$1" "$2"); fi; }
add --profile "${PROFILE:-}"
add --config "${CONFIG:-}"
add --lang "${REPORT_LANG:-}"
common=("${options[@]+"${options[@]}"}")
add --min-priority "${MIN_PRIORITY:-}"
add --fail-on "${FAIL_ON:-}"
thresholds=("${options[@]+"${options[@]}"}")
add --baseline "${BASELINE:-}"

drafts=()
while IFS= read -r draft; do
  if [ -n "$draft" ]; then drafts+=("$draft"); fi
done <<<"${DRAFTS:-}"

compliance check "${options[@]+"${options[@]}"}" --format summary -- "${drafts[@]+"${drafts[@]}"}" >"$out/summary.md"
status=$?

if [ "${SARIF:-}" = true ]; then
  compliance check "${common[@]+"${common[@]}"}" --fail-on never --format sarif --output "$out/compliance.sarif" \
    -- "${drafts[@]+"${drafts[@]}"}" || status=2
fi
if [ "${ANNOTATIONS:-}" = true ]; then
  compliance check "${common[@]+"${common[@]}"}" --fail-on never --format github -- "${drafts[@]+"${drafts[@]}"}" ||
    status=2
fi

# What the change does to each draft, compared with the base revision.
if [ -n "${BASE:-}" ]; then
  work=$(mktemp -d) || exit 2
  trap 'rm -rf "$work" "$work.list"' EXIT
  # Drafts of a folder and those of compliance.yaml are compared too.
  compliance check "${common[@]+"${common[@]}"}" --list -- "${drafts[@]+"${drafts[@]}"}" >"$work.list" 2>/dev/null
  while IFS= read -r draft; do
    if [ ! -f "$draft" ]; then continue; fi
    old="$work/$(basename -- "$draft")"
    # A draft that the base has not is new: there is nothing to compare.
    if git show "$BASE:./$draft" >"$old" 2>/dev/null; then
      if ! cmp -s -- "$old" "$draft"; then
        # The decisions of that time, so that one taken since is not told as a change of the draft.
        decisions="$work/compliance.review.yaml"
        git show "$BASE:./$(dirname -- "$draft")/compliance.review.yaml" >"$decisions" 2>/dev/null || rm -f "$decisions"
        compliance diff "${thresholds[@]+"${thresholds[@]}"}" --format md -- "$old" "$draft" >>"$out/diff.md"
        case $? in 0 | 1) ;; *) status=2 ;; esac
      fi
    fi
  done <"$work.list"
fi

if [ -n "${GITHUB_STEP_SUMMARY:-}" ]; then
  for page in "$out/diff.md" "$out/summary.md"; do
    if [ -s "$page" ]; then cat -- "$page" >>"$GITHUB_STEP_SUMMARY"; fi
  done
fi
echo "$status" >"$out/status"
if [ -n "${GITHUB_OUTPUT:-}" ]; then
  {
    echo "status=$status"
    echo "summary-file=$out/summary.md"
    if [ -s "$out/diff.md" ]; then echo "diff-file=$out/diff.md"; fi
    if [ -s "$out/compliance.sarif" ]; then echo "sarif-file=$out/compliance.sarif"; fi
  } >>"$GITHUB_OUTPUT"
fi
if [ "${NEVER_FAIL:-}" = true ]; then exit 0; fi
exit "$status"
