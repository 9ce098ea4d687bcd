#!/bin/sh
# ENTRYPOINT of an image: runs what the container was started with only if all devices verify.
# Mount /etc/tracecal (set.json, trust.json, bundles, log) read-only, and a volume on /var/lib/tracecal, where the gate remembers.
set -u
set -- -- "$@"
[ -z "${TRACECAL_GRACE:-}" ] || set -- --grace "$TRACECAL_GRACE" "$@"
exec tracecal-gate \
  --set "${TRACECAL_SET:-/etc/tracecal/set.json}" \
  --trust "${TRACECAL_TRUST:-/etc/tracecal/trust.json}" \
  --log "${TRACECAL_LOG:-/etc/tracecal/log}" \
  --seen "${TRACECAL_SEEN:-/var/lib/tracecal/log.seen.json}" \
  "$@"
