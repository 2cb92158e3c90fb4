import { findBranding, type Store } from '@tributary/store';

/** Who asks a small business for its books, as the Link pages show it. */
export interface LenderBrand {
  readonly name: string;
  /** An image: a path of ours, or a web address that the client keeps. */
  readonly logoUrl?: string;
  /** `#rrggbb`, lower case. */
  readonly colour?: string;
  readonly contactEmail?: string;
  /** A web address. */
  readonly helpUrl?: string;
}

interface Client {
  readonly id: string;
  readonly name: string;
  readonly logoUrl: string | null;
}

const colourPattern = /^#[\da-f]{6}$/;
const emailPattern = /^[^\s<>"'?&/@]+@[^\s<>"'?&/@]+$/;

/**
 * A client's brand: its branding, and where that is silent its profile. Whatever a page could not show is left out, since not all
 * of it need have come through the checks of today.
 */
export async function readBrand({ pool }: Pick<Store, 'pool'>, client: Client): Promise<LenderBrand> {
  const { displayName, logoId, colour, contactEmail, helpUrl } = await findBranding(pool, client.id);
  const logoUrl = logoId === null ? client.logoUrl : `/branding/logos/${logoId}`;
  const lowered = colour?.toLowerCase();
  return {
    name: displayName?.trim() || client.name,
    ...(logoUrl !== null && (logoId !== null || isWebAddress(logoUrl)) && { logoUrl }),
    ...(lowered !== undefined && colourPattern.test(lowered) && { colour: lowered }),
    ...(contactEmail !== null && emailPattern.test(contactEmail) && { contactEmail }),
    ...(helpUrl !== null && isWebAddress(helpUrl) && { helpUrl }),
  };
}

function isWebAddress(address: string): boolean {
  return URL.canParse(address) && /^https?:$/.test(new URL(address).protocol);
}
