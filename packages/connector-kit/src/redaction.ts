const SECRET_PARAMETER =
  /(?:token|secret|password|passwd|signature|credential|authorization|api_?key|^code$|^key$)/i;
const REDACTED = '[redacted]';

/** Path and query for the request log, the values of parameters that look like secrets taken out. */
export function redactedPath(path: string): string {
  const at = path.indexOf('?');
  if (at < 0) return path;
  const parameters = path
    .slice(at + 1)
    .split('&')
    .map((pair) => {
      const equals = pair.indexOf('=');
      return equals > 0 && SECRET_PARAMETER.test(pair.slice(0, equals))
        ? `${pair.slice(0, equals)}=${REDACTED}`
        : pair;
    });
  return `${path.slice(0, at)}?${parameters.join('&')}`;
}

/** Text without the given secrets, wherever they stand. */
export function withoutSecrets(text: string, secrets: readonly string[]): string {
  let result = text;
  for (const secret of secrets) if (secret !== '') result = result.replaceAll(secret, REDACTED);
  return result;
}
