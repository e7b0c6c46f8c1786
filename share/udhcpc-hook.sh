#!/bin/sh
# SPDX-License-Identifier: MIT
# Keeps what udhcpc was told where node-mif reads it: /run/node-mif/udhcpc/<interface>. udhcpc keeps no lease itself. Call it
# from its script with the event, in the script's environment:
#
#   /path/to/udhcpc-hook.sh "$1"
#
# For more than the usual options, run udhcpc with: -O search -O staticroutes -O mtu -O ntpsrv -O 114

folder=/run/node-mif/udhcpc
# A name, not a path: it becomes one.
case "$interface" in '' | . | .. | */*) exit 0 ;; esac

case "$1" in
  bound | renew)
    mkdir -p "$folder" || exit 0
    # Under another name first, so that no reader ever sees half of it. A value with a line break would be another line.
    new="$folder/.$interface.$$"
    for name in ip mask router dns domain search staticroutes msstaticroutes routes lease serverid mtu ntpsrv opt114; do
      eval "value=\${$name-}"
      [ -z "$value" ] || printf '%s=%s\n' "$name" "$(printf %s "$value" | tr '\n' ' ')"
    done >"$new" && chmod 644 "$new" && mv "$new" "$folder/$interface"
    ;;
  deconfig | nak) rm -f "$folder/$interface" ;;
esac
