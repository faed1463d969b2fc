/** How a number went, day by day: a look, beside the numbers themselves, which are in the table. */
export function Bars({ values }: { readonly values: readonly number[] }) {
  const most = Math.max(1, ...values);
  const width = 100 / Math.max(1, values.length);
  return (
    <svg class="bars" viewBox="0 0 100 24" preserveAspectRatio="none" aria-hidden="true">
      {values.map((value, place) => {
        const height = Math.max(value > 0 ? 1 : 0.25, (value / most) * 24);
        return <rect key={place} x={place * width} y={24 - height} width={width * 0.8} height={height} />;
      })}
    </svg>
  );
}
