import { hash } from 'node:crypto';
import type { Pool } from 'pg';

/** A raster image as it was uploaded. */
export interface BrandingLogo {
  /** `image/png`, `image/jpeg` or `image/webp`. */
  readonly contentType: string;
  readonly body: Buffer;
}

/** How a client shows itself on Link pages. Null: nothing of its own. */
export interface Branding {
  /** In place of the client's name. */
  readonly displayName: string | null;
  /** The id under which the API serves the logo: `/branding/logos/{logoId}`. */
  readonly logoId: string | null;
  /** `#rrggbb`. */
  readonly colour: string | null;
  readonly contactEmail: string | null;
  /** http or https. */
  readonly helpUrl: string | null;
}

const columns = `display_name AS "displayName", logo_id AS "logoId", colour, contact_email AS "contactEmail", help_url AS "helpUrl"`;

const none: Branding = { displayName: null, logoId: null, colour: null, contactEmail: null, helpUrl: null };

/** A client's branding; all null for a client that has set none. */
export async function findBranding(pool: Pool, clientId: string): Promise<Branding> {
  const { rows } = await pool.query<Branding>(`SELECT ${columns} FROM client_branding WHERE client_id = $1`, [
    clientId,
  ]);
  return rows[0] ?? none;
}

/** A logo by the id that its branding names: it never changes under that id. */
export async function findBrandingLogo(pool: Pool, logoId: string): Promise<BrandingLogo | undefined> {
  const { rows } = await pool.query<BrandingLogo>(
    'SELECT logo AS body, logo_type AS "contentType" FROM client_branding WHERE logo_id = $1 LIMIT 1',
    [logoId],
  );
  return rows[0];
}

/** Replaces a client's branding; a logo that is null is removed. */
export async function saveBranding(
  pool: Pool,
  clientId: string,
  branding: Omit<Branding, 'logoId'> & { readonly logo: BrandingLogo | null },
): Promise<void> {
  const { displayName, logo, colour, contactEmail, helpUrl } = branding;
  const logoId =
    logo === null ? null : hash('sha256', Buffer.concat([Buffer.from(logo.contentType), logo.body]));
  await pool.query(
    `INSERT INTO client_branding (client_id, display_name, logo, logo_type, logo_id, colour, contact_email, help_url)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
     ON CONFLICT (client_id) DO UPDATE SET display_name = excluded.display_name, logo = excluded.logo, logo_type = excluded.logo_type,
       logo_id = excluded.logo_id, colour = excluded.colour, contact_email = excluded.contact_email,
       help_url = excluded.help_url, updated_at = now()`,
    [
      clientId,
      displayName,
      logo?.body ?? null,
      logo?.contentType ?? null,
      logoId,
      colour,
      contactEmail,
      helpUrl,
    ],
  );
}
