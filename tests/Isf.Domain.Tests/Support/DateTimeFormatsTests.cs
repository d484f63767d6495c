using Isf.Support.Domain.Files;
using Xunit;
using static Isf.Domain.Tests.Support.Care;

namespace Isf.Domain.Tests.Support;

/// <summary>The formats of dates, times and lengths of time in files.</summary>
public sealed class DateTimeFormatsTests
{
    [Theory]
    [InlineData("13/04/2026 04/05/2026", false)]
    [InlineData("04/13/2026 04/05/2026", true)]
    [InlineData("04/05/2026 05/06/2026", false)]
    [InlineData("04/13/2026 13/04/2026", false)]
    [InlineData("2026-04-05 04/13/2026", true)]
    [InlineData("01/02/2026 02/03/2026 03/04/2026 04/05/2026 05/06/2026 06/07/2026 07/08/2026 08/09/2026 09/10/2026 "
        + "10/11/2026 04/13/2026", false)]
    public void The_whole_file_says_whether_the_month_comes_first(string dates, bool monthFirst)
    {
        var order = new DayOrder();
        foreach (var date in dates.Split(' '))
            order.See(date + " 08:00");
        Assert.Equal(monthFirst, order.MonthFirst);
    }

    [Theory]
    [InlineData("2026-04-06 08:00", false, "2026-04-06 08:00")]
    [InlineData("06/04/2026 8:00", false, "2026-04-06T08:00:00")]
    [InlineData("6/4/2026 08:00:30", false, "2026-04-06T08:00:30")]
    [InlineData("06-04-2026T08:00Z", false, "2026-04-06T08:00:00Z")]
    [InlineData("06.04.2026 08:00 +01:00", false, "2026-04-06T08:00:00+01:00")]
    [InlineData("04/06/2026 08:00", true, "2026-04-06T08:00:00")]
    [InlineData("13/04/2026 08:00", true, null)]
    [InlineData("06/04/2026", false, null)]
    [InlineData("06/04/26 08:00", false, null)]
    [InlineData("06/04/2026 08:00 pm", false, null)]
    public void Moments_are_read_in_the_forms_that_exports_have(string text, bool monthFirst, string? read) =>
        Assert.Equal(read, new DateTimeFormats(null, monthFirst).Moment(text));

    [Theory]
    [InlineData("00:45", 2700)]
    [InlineData("1:30:15", 5415)]
    [InlineData("45", 2700)]
    [InlineData("0", 0)]
    [InlineData("45.5", 2730)]
    [InlineData("00:60", null)]
    [InlineData("-5", null)]
    [InlineData("an hour", null)]
    [InlineData("99999999", null)]
    public void Lengths_of_time_are_read_in_the_forms_that_exports_have(string text, int? seconds) =>
        Assert.Equal(seconds, new DateTimeFormats(null, false).Seconds(text));

    [Theory]
    [InlineData("dd/mm/yyyy", "06/04/2026", true)]
    [InlineData("d.m.yyyy", "6.4.2026", true)]
    [InlineData("yyyymmdd", "20260406", true)]
    [InlineData("yyyymmdd", "2026046", false)]
    [InlineData("dd-mmm-yyyy", "06-APR-2026", true)]
    [InlineData("dd-mmm-yyyy", "06-AVR-2026", false)]
    [InlineData("dd/mm/yyyy", "06/04/2026x", false)]
    [InlineData("mm/dd/yy", "04/06/26", true)]
    public void A_day_is_read_by_its_pattern(string pattern, string text, bool read)
    {
        Assert.Equal(read, DayPattern.Read(pattern)!.TryRead(text, out var day));
        if (read)
            Assert.Equal(Monday, day);
    }
}
