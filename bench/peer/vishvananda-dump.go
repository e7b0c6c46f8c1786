// SPDX-License-Identifier: MIT
// Package netlink of vishvananda reads every route of both families. Prints milliseconds and their number.

package main

import (
	"fmt"
	"os"
	"time"

	"github.com/vishvananda/netlink"
)

func main() {
	start := time.Now()
	count := 0
	for _, family := range []int{netlink.FAMILY_V4, netlink.FAMILY_V6} {
		routes, err := netlink.RouteListFiltered(family, &netlink.Route{}, netlink.RT_FILTER_TABLE)
		if err != nil {
			os.Exit(1)
		}
		count += len(routes)
	}
	fmt.Printf("{\"ms\":%.3f,\"routes\":%d}\n", float64(time.Since(start).Microseconds())/1e3, count)
}
