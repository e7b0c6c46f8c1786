// SPDX-License-Identifier: MIT
// Files as real daemons wrote them, of Debian 12, each from one run against the dnsmasq of test/netns/leases.netns.test.ts.

export const networkdLeaseFile = `# This is private data. Do not parse.
ADDRESS=10.1.0.73
NETMASK=255.255.255.0
ROUTER=10.1.0.1
SERVER_ADDRESS=10.1.0.1
NEXT_SERVER=10.1.0.1
BROADCAST=10.1.0.255
MTU=1480
T1=60
T2=105
LIFETIME=120
DNS=10.1.0.53 10.1.0.54
NTP=10.1.0.123
DOMAINNAME=isp-a.example
DOMAIN_SEARCH_LIST=isp-a.example corp.isp-a.example
HOSTNAME=node
CLASSLESS_ROUTES=172.16.0.0/12,10.1.0.254 0.0.0.0/0,10.1.0.1
CLIENTID=ff1c9c1b4200020000ab110033bdebf95e192c
`;

export const networkdLinkFile = `# This is private data. Do not parse.
ADMIN_STATE=configured
OPER_STATE=routable
NETWORK_FILE=/etc/systemd/network/10-eth0.network
DNS=10.1.0.53 10.1.0.54 2001:db8:a:1::53 2001:db8:a:1::53
NTP=10.1.0.123
SIP=
DOMAINS=isp-a.example isp-a.example corp.isp-a.example v6.isp-a.example
ROUTE_DOMAINS=
LLMNR=yes
MDNS=no
DHCP_LEASE=/run/systemd/netif/leases/11
`;

export const nmDeviceFile = `[device]
managed=true
perm-hw-addr-fake=02:00:00:00:00:0B
connection-uuid=7ba00b1d-8cdd-30da-91ad-bb83ed4f7474
nm-owned=false
route-metric-default-effective=100
next-server=10.1.0.1

[dhcp4]
dhcp4.broadcast_address=10.1.0.255
dhcp4.dhcp_lease_time=120
dhcp4.dhcp_server_identifier=10.1.0.1
dhcp4.domain_name=isp-a.example
dhcp4.domain_name_servers=10.1.0.53 10.1.0.54
dhcp4.domain_search=isp-a.example corp.isp-a.example
dhcp4.expiry=1795303878
dhcp4.interface_mtu=1480
dhcp4.ip_address=10.1.0.73
dhcp4.ntp_servers=10.1.0.123
dhcp4.rfc3442_classless_static_routes=172.16.0.0/12 10.1.0.254 0.0.0.0/0 10.1.0.1
dhcp4.routers=10.1.0.1
dhcp4.subnet_mask=255.255.255.0

[dhcp6]
dhcp6.dhcp6_client_id=00:04:33:e8:7c:10:b6:ad:ca:84:2d:29:a2:c5:ad:73:f3:86
dhcp6.dhcp6_domain_search=v6.isp-a.example
dhcp6.dhcp6_name_servers=2001:db8:a:1::53
dhcp6.iaid=2b:50:67:35
dhcp6.ip6_address=2001:db8:a:1::1cab
`;

export const dhclientLease = (expire: string, options = '') => `lease {
  interface "eth0";
  fixed-address 10.1.0.73;
  option subnet-mask 255.255.255.0;
  option routers 10.1.0.1;
  option dhcp-lease-time 120;
  option domain-name-servers 10.1.0.53,10.1.0.54;
  option dhcp-server-identifier 10.1.0.1;
  option domain-search "isp-a.example.", "corp.isp-a.example.";
  option interface-mtu 1480;
  option ntp-servers 10.1.0.123;
  ${options}
  option domain-name "isp-a.example";
  renew 6 2026/11/21 23:29:07;
  rebind 6 2026/11/21 23:30:02;
  expire ${expire};
}
`;

export const dhclientLease6 = (
  marks = '',
) => `default-duid "\\000\\001\\000\\0012\\224\\345\\221\\002\\000\\000\\000\\000\\013";
lease6 {
  interface "eth0";
  ia-na 00:00:00:0b {
    starts 1795303698;
    renew 150;
    rebind 259;
    iaaddr 2001:db8:a:1::1664 {
      starts 1795303698;
      preferred-life 300;
      max-life 300;
    }
  }
  ${marks}
  option dhcp6.client-id 0:1:0:1:32:94:e5:91:2:0:0:0:0:b;
  option dhcp6.server-id 0:1:0:1:32:94:e5:91:2:0:0:0:0:15;
  option dhcp6.name-servers 2001:db8:a:1::53;
  option dhcp6.domain-search "v6.isp-a.example.";
  option dhcp6.status-code success "success";
}
`;

/** The answer of a DHCPv4 server, as dhcpcd keeps it. */
export const dhcpcdLeaseFile = Buffer.concat([
  Buffer.from('AgEGAGsNzK4AAAAAAAAAAAoBAEkKAQABAAAAAAIAAAAACw==', 'base64'),
  Buffer.alloc(202),
  Buffer.from(
    'Y4JTYzUBBTYECgEAATMEAAAAeDoEAAAAPDsEAAAAaQEE////ABwECgEA/3kMDKwQCgEA/gAKAQABGgIFyHcWBWlzcC1hB2V4YW1wbGUA' +
      'BGNvcnDAAA8NaXNwLWEuZXhhbXBsZQYICgEANQoBADYDBAoBAAH/',
    'base64',
  ),
]).toString('latin1');

/** The answer of a DHCPv6 server, as dhcpcd keeps it. */
export const dhcpcdLease6File = Buffer.from(
  'B5l/CQABAA4AAQABMpTyLgIAAAAACwACAA4AAQABMpTyLgIAAAAAFQAOAAAAAwAoAAAACwAAAJYAAAEDAAUAGCABDbgACgABAAAAAAAAETQA' +
    'AAEsAAABLAANAAkAAHN1Y2Nlc3MABwAB/wAYABICdjYFaXNwLWEHZXhhbXBsZQAAFwAQIAENuAAKAAEAAAAAAAAAUw==',
  'base64',
).toString('latin1');

export const udhcpcFile = `ip=10.1.0.73
mask=24
router=10.1.0.1
dns=10.1.0.53 10.1.0.54
domain=isp-a.example
search=isp-a.example corp.isp-a.example
staticroutes=172.16.0.0/12 10.1.0.254 0.0.0.0/0 10.1.0.1
lease=120
serverid=10.1.0.1
mtu=1480
ntpsrv=10.1.0.123
opt114=68747470733a2f2f706f7274616c2e6973702d612e6578616d706c652f617069
`;

export const resolvedLinkFile = `# This is private data. Do not parse.
LLMNR=yes
MDNS=no
DEFAULT_ROUTE=yes
SERVERS=10.1.0.53
DOMAINS=isp-a.example ~corp.example
`;

export const stubResolvConf = `# This is /run/systemd/resolve/stub-resolv.conf managed by man:systemd-resolved(8).
# Do not edit.

nameserver 127.0.0.53
options edns0 trust-ad
search isp-a.example
`;
