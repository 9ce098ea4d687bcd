#!/bin/sh
# Calls the gate as the environment says: the ENTRYPOINT of an image, and what the units beside this file call.
# TRACECAL_GATE: run (default: what follows runs only if all devices verify), watch (and is stopped when they no longer do),
# decide (nothing follows), or refresh (from the sites in TRACECAL_FROM).
# In a container, mount /etc/tracecal (set.json, trust.json, bundles, log) read-only, and a volume on /var/lib/tracecal, where the gate remembers.
set -u
refused() {
  printf 'tracecal-gate: outcome=broken code=109 why="%s"\n' "$1" >&2
  exit 109
}
mode=${TRACECAL_GATE:-run}
case $mode in
run) set -- -- "$@" ;;
watch) set -- --stop -- "$@" ;;
decide) [ $# -eq 0 ] || refused 'TRACECAL_GATE=decide runs nothing: leave the command out.' ;;
# Several addresses are several words.
# shellcheck disable=SC2086
refresh) set -- --from ${TRACECAL_FROM:-} --jitter "${TRACECAL_JITTER:-30s}" "$@" ;;
*) refused 'TRACECAL_GATE is run, watch, decide or refresh.' ;;
esac
[ -z "${TRACECAL_MAX_AGE:-}" ] || set -- --max-age "$TRACECAL_MAX_AGE" "$@"
[ -z "${TRACECAL_GRACE:-}" ] || set -- --grace "$TRACECAL_GRACE" "$@"
[ -z "${TRACECAL_ACCEPT:-}" ] || set -- --accept "$TRACECAL_ACCEPT" "$@"
if [ "$mode" != refresh ]; then
  [ -z "${TRACECAL_DIRECTIVES:-}" ] || set -- --directives "$TRACECAL_DIRECTIVES" "$@"
  [ -z "${TRACECAL_DIRECTIVES_AGE:-}" ] || set -- --directives-age "$TRACECAL_DIRECTIVES_AGE" "$@"
  # Nobody has to change the environment in an emergency: an override counts as soon as its file is there.
  if [ -n "${TRACECAL_OVERRIDE:-}" ] && [ -e "$TRACECAL_OVERRIDE" ]; then
    set -- --override "$TRACECAL_OVERRIDE" "$@"
  fi
  # Without directives or an override, nobody is asked whose they are.
  if [ -n "${TRACECAL_OPERATOR:-}" ] && { [ -n "${TRACECAL_DIRECTIVES:-}" ] || [ -e "${TRACECAL_OVERRIDE:-}" ]; }; then
    set -- --operator "$TRACECAL_OPERATOR" "$@"
  fi
fi
set -- \
  --set "${TRACECAL_SET:-/etc/tracecal/set.json}" \
  --trust "${TRACECAL_TRUST:-/etc/tracecal/trust.json}" \
  --log "${TRACECAL_LOG:-/etc/tracecal/log}" \
  --seen "${TRACECAL_SEEN:-/var/lib/tracecal/log.seen.json}" \
  "$@"
case $mode in
watch | refresh) set -- "$mode" "$@" ;;
esac
exec tracecal-gate "$@"
