import { BlockList, isIP } from 'node:net';

const placeholder = /\{(companyId|connectionId|statusCode|errorMessage)\}/g;

/**
 * Why a client's redirect URL is refused; undefined when it may be used. It is http(s) and holds no placeholder but `{companyId}`,
 * `{connectionId}`, `{statusCode}` and `{errorMessage}`, each behind the host: what fills them must not choose where the browser goes.
 * @param options.allowPrivateTargets it may name loopback and private addresses
 */
export function redirectUrlProblem(
  text: string,
  options: { allowPrivateTargets: boolean },
): string | undefined {
  if (/[{}]/.test(text.replaceAll(placeholder, ''))) {
    return 'may hold the placeholders {companyId}, {connectionId}, {statusCode} and {errorMessage} only';
  }
  const [one, other] = ['a', 'b'].map((filling) => URL.parse(text.replaceAll(placeholder, filling)));
  if (one == null || other == null || !/^https?:$/.test(one.protocol)) return 'must be an http or https URL';
  if (one.username !== '' || one.password !== '') return 'must not hold a user name or password';
  if (one.origin !== other.origin) return 'must not hold a placeholder before its path';
  if (!options.allowPrivateTargets && isPrivateHost(one.hostname))
    return 'must not name a loopback or private address';
  return undefined;
}

/** Loopback, private, link-local and unspecified addresses, and the names that mean this machine. */
function isPrivateHost(hostname: string): boolean {
  const host = hostname
    .toLowerCase()
    .replace(/^\[|\]$/g, '')
    .replace(/\.$/, '');
  if (host === 'localhost' || host.endsWith('.localhost')) return true;
  const version = isIP(host);
  return version !== 0 && privateAddresses().check(host, version === 4 ? 'ipv4' : 'ipv6');
}

function privateAddresses(): BlockList {
  const list = new BlockList();
  list.addSubnet('0.0.0.0', 8, 'ipv4');
  list.addSubnet('10.0.0.0', 8, 'ipv4');
  list.addSubnet('100.64.0.0', 10, 'ipv4');
  list.addSubnet('127.0.0.0', 8, 'ipv4');
  list.addSubnet('169.254.0.0', 16, 'ipv4');
  list.addSubnet('172.16.0.0', 12, 'ipv4');
  list.addSubnet('192.168.0.0', 16, 'ipv4');
  list.addSubnet('::', 127, 'ipv6');
  list.addSubnet('fc00::', 7, 'ipv6');
  list.addSubnet('fe80::', 10, 'ipv6');
  return list;
}
