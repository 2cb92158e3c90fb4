import { Text } from '@mantine/core';
import { readableTextOn } from '../../format/colours.ts';
import classes from './settings.module.css';

const ownColour = '#0b6a9e';

/** About what a business sees: the proportions, not the page. */
export function BrandingPreview(props: {
  name: string;
  logo: string;
  colour: string;
  contactEmail: string;
  helpUrl: string;
}) {
  const { name, logo, contactEmail, helpUrl } = props;
  const colour = /^#[\da-f]{6}$/i.test(props.colour) ? props.colour : ownColour;
  return (
    <figure style={{ margin: 0 }}>
      <Text component="figcaption" size="sm" fw={500} mb={6}>
        Preview
      </Text>
      <div className={classes['preview']}>
        <div className={classes['previewCard']}>
          {logo ? (
            <img src={logo} alt={`Logo of ${name}`} className={classes['previewLogo']} />
          ) : (
            <Text fw={700} className={classes['wrap']}>
              <bdi>{name}</bdi>
            </Text>
          )}
          <Text fz={18} fw={650} mt="md" className={classes['wrap']}>
            Connect your books to <bdi>{name}</bdi>
          </Text>
          <div
            className={classes['previewButton']}
            style={{ background: colour, color: readableTextOn(colour) }}
            aria-hidden
          >
            Choose your platform
          </div>
          {(contactEmail || helpUrl) && (
            <Text fz={12} mt="md" c="#566171" className={classes['wrap']}>
              Questions? {contactEmail}
              {contactEmail && helpUrl ? ' · ' : ''}
              {helpUrl && 'Help'}
            </Text>
          )}
        </div>
      </div>
    </figure>
  );
}
