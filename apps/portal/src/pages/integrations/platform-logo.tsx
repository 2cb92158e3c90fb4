import { Avatar } from '@mantine/core';

/** A platform's logo; its name always stands beside it. */
export function PlatformLogo({ platformKey, size = 44 }: { platformKey: string; size?: number }) {
  return (
    <Avatar
      src={`/integrations/${encodeURIComponent(platformKey)}/logo`}
      alt=""
      radius="md"
      size={size}
      imageProps={{ loading: 'lazy', style: { objectFit: 'contain' } }}
    />
  );
}
