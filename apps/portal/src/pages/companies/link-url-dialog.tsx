import { Anchor, Group, Skeleton, Stack, Text } from '@mantine/core';
import { IconExternalLink } from '@tabler/icons-react';
import { lazy, Suspense } from 'react';
import type { Company } from '../../api/types.ts';
import { CopyField } from '../../ui/copy.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import classes from './companies.module.css';

const QrCode = lazy(async () => ({ default: (await import('qrcode.react')).QRCodeSVG }));

/** The link that a business opens to connect its books: to copy, and to point a phone at. */
export function LinkUrlDialog({ company, onClose }: { company: Company | undefined; onClose: () => void }) {
  return (
    <Dialog opened={company !== undefined} onClose={onClose} title="Link URL">
      {company && (
        <Stack>
          <Text size="sm">
            Send this link to{' '}
            <Text component="bdi" fw={600} style={{ overflowWrap: 'anywhere' }}>
              {company.name}
            </Text>
            . It opens a page on which the business chooses its platform and allows you to read its books. It
            also works again later, should access have been revoked.
          </Text>
          <CopyField label="Link URL" value={company.redirect} />
          <Group align="center" gap="lg">
            <div className={classes['qr']}>
              <Suspense fallback={<Skeleton width={168} height={168} />}>
                <QrCode
                  value={company.redirect}
                  level="M"
                  title={`QR code of the Link URL of ${company.name}`}
                  role="img"
                />
              </Suspense>
            </div>
            <Stack gap="xs" flex="1 1 12rem">
              <Text size="sm" c="dimmed">
                With the business beside you? Its phone can read the code.
              </Text>
              <Anchor href={company.redirect} target="_blank" rel="noreferrer" size="sm">
                Open the link in a new tab <IconExternalLink size={14} aria-hidden />
              </Anchor>
            </Stack>
          </Group>
        </Stack>
      )}
    </Dialog>
  );
}
