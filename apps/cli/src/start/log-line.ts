const shownMembers = 300;
/** Members that say nothing to a person who watches one machine. */
const hidden = new Set(['level', 'time', 'pid', 'hostname', 'name', 'msg']);
/** pino's numbers, which libraries use that bring their own logger. */
const levelNames: Record<string, string> = {
  '10': 'trace',
  '20': 'debug',
  '30': 'info',
  '40': 'warn',
  '50': 'error',
  '60': 'fatal',
};

/** A line that a process wrote, for a person to read: JSON log lines lose their braces, all else stays as it is. */
export function readableLine(line: string): string {
  const event = parse(line);
  if (!event) return line;
  const level = levelNames[String(event['level'])] ?? String(event['level']);
  const members = Object.fromEntries(Object.entries(event).filter(([name]) => !hidden.has(name)));
  const rest = Object.keys(members).length > 0 ? JSON.stringify(members) : '';
  const shown = rest.length > shownMembers ? `${rest.slice(0, shownMembers)}…` : rest;
  return [level, event['msg'], shown].filter(Boolean).join(' ');
}

function parse(line: string): Record<string, unknown> | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    const event: Record<string, unknown> = JSON.parse(line);
    return 'level' in event ? event : undefined;
  } catch {
    return undefined;
  }
}
