import { Group, Text } from '@mantine/core';
import { Link } from 'react-router';
import classes from './brand.module.css';

export function BrandMark({ size = 28 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden focusable={false}>
      <rect width="32" height="32" rx="8" fill="#0b6a9e" />
      <path
        d="M7 9c5 0 5 7 9 7M25 9c-5 0-5 7-9 7M16 16v9"
        fill="none"
        stroke="#fff"
        strokeWidth="3"
        strokeLinecap="round"
      />
    </svg>
  );
}

/** The name of the product, and the way home. */
export function Brand() {
  return (
    <Link to="/" className={classes['brand']}>
      <Group gap={8} wrap="nowrap" component="span">
        <BrandMark />
        <Text component="span" fw={700} fz="md" className={classes['name']}>
          Tributary
        </Text>
      </Group>
    </Link>
  );
}
