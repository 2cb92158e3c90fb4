/** The portal's own data: users, sessions, invitations, branding, and the log of changes. */
export * from './branding.ts';
export * from './passwords.ts';
export * from './sessions.ts';
export * from './users.ts';
