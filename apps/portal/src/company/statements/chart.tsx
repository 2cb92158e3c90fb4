import { Group, Text } from '@mantine/core';
import { useElementSize } from '@mantine/hooks';
import { useId, useState } from 'react';
import { numberFormat } from '../../format/formatters.ts';
import { formatMoney, type WireAmount } from '../../format/money.ts';
import { drawn } from './amounts.ts';
import classes from './chart.module.css';
import { type Scale, scaleOf } from './scale.ts';

export interface Series {
  readonly label: string;
  /** 1 to 4: colours that can be told apart, by people who see few of them too. */
  readonly colour: 1 | 2 | 3 | 4;
  readonly shape: 'bar' | 'line';
}

export interface ChartGroup {
  readonly label: string;
  /** One for each series. */
  readonly amounts: readonly WireAmount[];
}

const height = 260;
const edge = { top: 12, bottom: 28, start: 56, end: 8 };
/** Labels of groups need so many pixels each; where there are fewer, some are left out. */
const labelPx = 64;

/**
 * Amounts by group, as bars and lines. Every figure of it stands in the table below, so that it is a picture for those who see it.
 * Under the pointer the exact amounts of a group are told.
 */
export function Chart(props: {
  title: string;
  series: readonly Series[];
  groups: readonly ChartGroup[];
  currency: string | undefined;
}) {
  const { title, series, groups, currency } = props;
  const { ref, width } = useElementSize();
  const [at, setAt] = useState<number>();
  const titleId = useId();
  const scale = scaleOf(groups.flatMap(({ amounts }) => amounts.map(drawn)));
  const plotWidth = Math.max(0, width - edge.start - edge.end);
  const step = groups.length === 0 ? 0 : plotWidth / groups.length;
  const y = (value: number) => yOf(scale, value);
  const told = at === undefined ? undefined : groups[at];
  return (
    <figure className={classes['figure']}>
      <Legend series={series} />
      <div ref={ref} className={classes['plot']} style={{ height }}>
        {width > 0 && (
          // The reading order of a chart is that of time, which runs from left to right here in every script.
          <svg
            width={width}
            height={height}
            role="img"
            aria-labelledby={titleId}
            onPointerMove={(event) => {
              const x = event.clientX - event.currentTarget.getBoundingClientRect().left - edge.start;
              const index = Math.floor(x / step);
              setAt(index >= 0 && index < groups.length ? index : undefined);
            }}
            onPointerLeave={() => setAt(undefined)}
          >
            <title id={titleId}>{title}. The figures are in the table below.</title>
            {scale.ticks.map((tick) => (
              <g key={tick}>
                <line
                  x1={edge.start}
                  x2={width - edge.end}
                  y1={y(tick)}
                  y2={y(tick)}
                  className={classes[tick === 0 ? 'zero' : 'grid']}
                />
                <text
                  x={edge.start - 8}
                  y={y(tick)}
                  dy="0.32em"
                  textAnchor="end"
                  className={classes['label']}
                >
                  {compact(tick)}
                </text>
              </g>
            ))}
            {at !== undefined && (
              <rect
                x={edge.start + at * step}
                y={edge.top}
                width={step}
                height={height - edge.top - edge.bottom}
                className={classes['pointed']}
              />
            )}
            {groups.map((group, index) => (
              <Bars
                key={group.label}
                group={group}
                series={series}
                x={edge.start + index * step}
                step={step}
                y={y}
              />
            ))}
            {series.map(
              (one, index) =>
                one.shape === 'line' && (
                  <polyline
                    key={one.label}
                    className={classes[`line${one.colour}`]}
                    points={groups
                      .map(
                        ({ amounts }, place) =>
                          `${edge.start + (place + 0.5) * step},${y(drawn(amounts[index] ?? 0))}`,
                      )
                      .join(' ')}
                  />
                ),
            )}
            <Labels groups={groups} step={step} />
          </svg>
        )}
        {told && at !== undefined && (
          <div
            className={classes['tip']}
            style={
              edge.start + (at + 0.5) * step < width / 2
                ? { left: edge.start + (at + 1) * step }
                : { right: width - edge.start - at * step }
            }
          >
            <Text size="xs" fw={600}>
              {told.label}
            </Text>
            {series.map(({ label, colour }, index) => (
              <Text key={label} size="xs" className={classes['told']}>
                <span className={classes[`dot${colour}`]} />
                <span>{label}</span>
                <span className="figures">{formatMoney(told.amounts[index] ?? 0, currency)}</span>
              </Text>
            ))}
          </div>
        )}
      </div>
    </figure>
  );
}

function yOf({ least, most }: Scale, value: number): number {
  const share = (value - least) / (most - least);
  return edge.top + (1 - share) * (height - edge.top - edge.bottom);
}

function compact(value: number): string {
  return numberFormat(undefined, { notation: 'compact', maximumFractionDigits: 1 }).format(value);
}

function Bars(props: {
  group: ChartGroup;
  series: readonly Series[];
  x: number;
  step: number;
  y: (value: number) => number;
}) {
  const { group, series, x, step, y } = props;
  const bars = series.filter(({ shape }) => shape === 'bar').length;
  if (bars === 0) return null;
  const gap = step > 24 ? step * 0.2 : step * 0.1;
  const barWidth = Math.max(1, Math.min(34, (step - gap) / bars - 2));
  const start = x + (step - bars * (barWidth + 2)) / 2;
  let place = 0;
  return series.map(({ label, colour, shape }, index) => {
    if (shape !== 'bar') return null;
    const value = drawn(group.amounts[index] ?? 0);
    const left = start + place * (barWidth + 2);
    place += 1;
    const top = Math.min(y(value), y(0));
    return (
      <rect
        key={label}
        x={left}
        y={top}
        width={barWidth}
        height={Math.max(value === 0 ? 0 : 1, Math.abs(y(value) - y(0)))}
        rx={Math.min(3, barWidth / 3)}
        className={classes[`fill${colour}`]}
      />
    );
  });
}

function Labels({ groups, step }: { groups: readonly ChartGroup[]; step: number }) {
  const each = Math.max(1, Math.ceil(labelPx / Math.max(1, step)));
  return groups.map(({ label }, index) =>
    // The last one always has its label.
    (groups.length - 1 - index) % each === 0 ? (
      <text
        key={label}
        x={edge.start + (index + 0.5) * step}
        y={height - 8}
        textAnchor="middle"
        className={classes['label']}
      >
        {label}
      </text>
    ) : null,
  );
}

function Legend({ series }: { series: readonly Series[] }) {
  return (
    <Group gap="md" mb={8} component="figcaption">
      {series.map(({ label, colour, shape }) => (
        <Group key={label} gap={6} component="span" wrap="nowrap">
          <span className={classes[shape === 'bar' ? `dot${colour}` : `dash${colour}`]} aria-hidden />
          <Text span size="xs" fw={500}>
            {label}
          </Text>
        </Group>
      ))}
    </Group>
  );
}
