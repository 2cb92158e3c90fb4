/** The portal's own data: users, sessions, invitations, branding, and the log of changes. */
export * from './audit.ts';
export * from './branding.ts';
export * from './invitations.ts';
export * from './overview.ts';
export * from './passwords.ts';
export * from './run-figures.ts';
export * from './sessions.ts';
export * from './users.ts';
