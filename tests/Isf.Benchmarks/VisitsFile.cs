using System.Globalization;
using System.Text;
using NodaTime;

namespace Isf.Benchmarks;

/// <summary>
/// A visits-csv with daily visits of many funds, fund by fund or day by day. The file is generated while it is read,
/// so that the sender holds none of it in memory.
/// </summary>
internal sealed class VisitsFile(int visits, int funds, bool byDay) : Stream
{
    private const int Days = 63;

    private readonly int perFund = (visits + funds - 1) / funds;
    private byte[] line = "visitId,fundId,lineId,plannedStart,workerId,start,end,carers,outcome\n"u8.ToArray();
    private int position;
    private int next;

    /// <summary>The first day of care.</summary>
    public static LocalDate First { get; } = new(2026, 3, 30);

    public override bool CanRead => true;
    public override bool CanSeek => false;
    public override bool CanWrite => false;
    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(Span<byte> buffer)
    {
        var filled = 0;
        while (filled < buffer.Length && (position < line.Length || next < visits))
        {
            if (position == line.Length)
                (line, position) = (Encoding.ASCII.GetBytes(Row(next++)), 0);
            var count = Math.Min(buffer.Length - filled, line.Length - position);
            line.AsSpan(position, count).CopyTo(buffer[filled..]);
            filled += count;
            position += count;
        }
        return filled;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        ValueTask.FromResult(Read(buffer.Span));

    public override void Flush() => throw new NotSupportedException();
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
    public override void SetLength(long value) => throw new NotSupportedException();
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    private string Row(int number)
    {
        var (fund, turn) = byDay ? (number % funds, number / funds) : (number / perFund, number % perFund);
        var day = First.PlusDays(turn % Days);
        var hour = 6 + (turn / Days % 14);
        var id = SeededFund.IdOf(fund);
        return string.Create(CultureInfo.InvariantCulture,
            $"W-{number},{id},L-{id},{day:uuuu-MM-dd}T{hour:00}:00:00+01:00,K-{fund},"
            + $"{day:uuuu-MM-dd}T{hour:00}:01:00+01:00,{day:uuuu-MM-dd}T{hour:00}:46:00+01:00,1,delivered\n");
    }
}
