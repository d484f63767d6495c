namespace Isf.Statements.Rendering;

/// <summary>
/// The style sheet of the page: dark text on a light background (a contrast of 7 to 1 or more) in one column, on
/// screen and on paper.
/// </summary>
internal static class HtmlStyle
{
    internal static readonly Markup Sheet = Markup.Html($$"""

        :root { color-scheme: light; }
        * { box-sizing: border-box; }
        body { margin: 0 auto; max-width: 50rem; padding: 1.5rem 1rem 3rem; background: #fff; color: #1a1a1a;
          font: 1.125rem/1.5 "Atkinson Hyperlegible", Arial, Helvetica, sans-serif; }
        .skip { position: absolute; left: -100vw; }
        .skip:focus { left: 1rem; top: .5rem; background: #fff; padding: .5rem; }
        header { border-bottom: .25rem solid #1d4e6b; margin-bottom: 2rem; padding-bottom: 1rem; }
        header p { margin: 0; }
        .holder { color: #1d4e6b; font-weight: bold; }
        h1 { font-size: 2.25rem; line-height: 1.2; margin: .25rem 0; }
        .period { font-size: 1.375rem; }
        h2 { font-size: 1.5rem; line-height: 1.25; margin: 2.5rem 0 .75rem; color: #1d4e6b; }
        .glance { display: grid; grid-template-columns: repeat(auto-fit, minmax(13rem, 1fr)); gap: .75rem; margin: 0; }
        .glance div { border: 1px solid #8a8a8a; border-radius: .375rem; padding: .75rem 1rem; }
        .glance dd { margin: 0; font-size: 1.5rem; font-weight: bold; font-variant-numeric: tabular-nums; }
        .glance .free { border: .1875rem solid #1d4e6b; background: #eef5f9; }
        table { width: 100%; border-collapse: collapse; }
        caption { text-align: left; padding-bottom: .5rem; color: #404040; }
        th, td { text-align: left; vertical-align: top; padding: .5rem .75rem .5rem 0;
          border-bottom: 1px solid #b0b0b0; }
        tbody th { font-weight: normal; }
        thead th, tfoot th, tfoot td, .total th, .total td { font-weight: bold; }
        thead th, tfoot th, tfoot td { border-bottom: .125rem solid #1a1a1a; }
        .sum { text-align: right; white-space: nowrap; padding-right: 0; padding-left: .75rem;
          font-variant-numeric: tabular-nums; }
        .lines { font-size: 1rem; }
        .lines tbody th { white-space: nowrap; }
        .outlook { border-left: .5rem solid #1d4e6b; padding: .5rem 1rem; background: #eef5f9; }
        .outlook.short { border-color: #8a1c1c; background: #fbeeee; }
        .outlook strong { display: block; }
        footer { border-top: 1px solid #8a8a8a; margin-top: 3rem; }
        footer p { margin: .25rem 0; }
        @media (max-width: 34rem) {
          .lines thead { position: absolute; left: -100vw; }
          .lines tr { display: block; border-bottom: 1px solid #b0b0b0; padding: .5rem 0; }
          .lines th, .lines td { display: block; border: 0; padding: 0; text-align: left; }
        }
        @media print {
          @page { margin: 18mm 16mm; }
          body { max-width: none; padding: 0; font-size: 12pt; }
          .skip { display: none; }
          h2 { break-after: avoid; }
          tr, dl div, .outlook { break-inside: avoid; }
          thead { display: table-header-group; }
          tfoot { display: table-row-group; }
        }

        """);
}
