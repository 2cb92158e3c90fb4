/**
 * Where deliveries may go. A client chooses the URL, so that it must not lead into the operator's own network. The URL is looked at
 * when it is saved, and the address when a connection is made: what a name resolves to is checked in the look-up that the
 * connection itself uses, so that a name that changes its address in between gains nothing.
 */
import { type LookupAddress, lookup as resolve } from 'node:dns';
import { isIP, type LookupFunction, type Socket } from 'node:net';
import ipaddr from 'ipaddr.js';
import { buildConnector } from 'undici';

/** A target's address is not one of the public internet. */
export class PrivateTargetError extends Error {
  override readonly name = 'PrivateTargetError';
  constructor() {
    super('The address is not on the public internet');
  }
}

const globalUnicast = ipaddr.parseCIDR('2000::/3');

/**
 * Whether an address is on the public internet: no loopback, private, link-local, shared (CGNAT), unique-local, multicast,
 * documentation or reserved range, and no IPv6 form that carries an IPv4 address (mapped, compatible, NAT64, 6to4, Teredo).
 */
export function isPublicAddress(address: string): boolean {
  if (!ipaddr.isValid(address)) return false;
  const parsed = ipaddr.parse(address);
  if (parsed.range() !== 'unicast') return false;
  return parsed.kind() === 'ipv4' || parsed.match(globalUnicast);
}

const longestUrl = 2000;
const httpsPort = 443;
const firstFreePort = 1024;

/** Names that never leave a network, or mean the machine itself. */
const privateName = /(^|\.)(localhost|local|internal|localdomain|home\.arpa)\.?$/i;

/**
 * Why a consumer's URL is refused; undefined when it may be used.
 * @param options.allowPrivateTargets it may be plain http, and name loopback and private addresses
 */
export function webhookUrlProblem(
  text: string,
  { allowPrivateTargets }: { allowPrivateTargets: boolean },
): string | undefined {
  if (text.length > longestUrl) return `must be at most ${longestUrl} characters`;
  const url = URL.parse(text);
  if (url === null || !/^https?:$/.test(url.protocol)) return 'must be an https URL';
  if (url.username !== '' || url.password !== '') return 'must not hold a user name or password';
  if (allowPrivateTargets) return undefined;
  if (url.protocol !== 'https:') return 'must be an https URL';
  const port = url.port === '' ? httpsPort : Number(url.port);
  if (port !== httpsPort && port < firstFreePort)
    return `must use port ${httpsPort}, or one from ${firstFreePort} on`;
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const isPrivate = isIP(host) === 0 ? privateName.test(host) || !host.includes('.') : !isPublicAddress(host);
  return isPrivate ? 'must be on the public internet' : undefined;
}

/** Looks names up as `dns.lookup` does. */
export type Resolve = (
  hostname: string,
  options: { all: true },
  callback: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void;

/** Connects to public addresses alone. */
export function createGuardedConnector(options: {
  timeoutMs: number;
  resolve?: Resolve;
}): buildConnector.connector {
  const find: Resolve = options.resolve ?? resolve;
  const lookup: LookupFunction = (hostname, asked, callback) => {
    find(hostname, { all: true }, (error, addresses) => {
      if (error !== null) return callback(error, '');
      const open = addresses.filter(({ address }) => isPublicAddress(address));
      const [first] = open;
      if (first === undefined) return callback(new PrivateTargetError(), '');
      if (asked.all === true) return callback(null, open);
      return callback(null, first.address, first.family);
    });
  };
  const connect = buildConnector({ timeout: options.timeoutMs, lookup } as buildConnector.BuildOptions);
  return (target, callback) => {
    const host = target.hostname.replace(/^\[|\]$/g, '');
    // An address in the URL is connected to without a look-up.
    if (isIP(host) !== 0 && !isPublicAddress(host)) return callback(new PrivateTargetError(), null);
    return connect(target, (...[error, socket]) => {
      if (error !== null) return callback(error, null);
      if (!isPeerPublic(socket)) {
        socket.destroy();
        return callback(new PrivateTargetError(), null);
      }
      return callback(null, socket);
    });
  };
}

function isPeerPublic({ remoteAddress }: Socket): boolean {
  return remoteAddress !== undefined && isPublicAddress(remoteAddress);
}
