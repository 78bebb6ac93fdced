using System.Globalization;
using System.Text;
using Realtime.Engine.Answers;
using Realtime.Engine.Decoding;
using Realtime.Host.Running;
using Realtime.Tests;

namespace Realtime.Host.Tests.Running;

public class PredictionLogTests
{
    private static readonly OutputChannel[] Outputs = [new("hand_x", "cm"), new("odd, \"name\"", "1")];

    [Fact]
    public void Lines_hold_every_figure_and_values_read_back_to_the_bit()
    {
        var stream = new MemoryStream();
        var values = new[] { 0.1f, -1.2345678e-20f };
        using (var log = new PredictionLog(stream, Outputs))
        {
            log.Write(Answer(7), values);
            log.Write(Answer(8) with { Status = AnswerStatus.NoData }, [float.NaN, float.NaN]);
        }

        var lines = Encoding.UTF8.GetString(stream.ToArray()).TrimEnd('\n').Split('\n');
        Assert.Equal(3, lines.Length);
        Assert.EndsWith("spikes,hand_x (cm),\"odd, \"\"name\"\" (1)\"", lines[0]);
        var cells = lines[1].Split(',');
        Assert.Equal(["7", "1", "fresh", "5", "50000000", "1500", "1000", "2000", "3000", "4000", "-123", "456", "99"], cells[..13]);
        Assert.Equal(values, cells[13..].Select(cell => float.Parse(cell, CultureInfo.InvariantCulture)));
        Assert.Contains(",no_data,", lines[2]);
    }

    [Fact]
    public void A_full_disk_keeps_whole_lines_and_is_told()
    {
        var disk = new SmallDisk(capacity: 1000);
        using var log = new PredictionLog(disk, Outputs);
        for (var tick = 0; tick < 200 && log.Failure is null; tick++)
        {
            log.Write(Answer(tick), [1, 2]);
            log.Flush();
        }

        Assert.Contains("no space", log.Failure);
        var text = Encoding.UTF8.GetString(disk.ToArray());
        Assert.EndsWith("\n", text);
        Assert.All(text.TrimEnd('\n').Split('\n').Skip(1), line => Assert.Equal(15, line.Split(',').Length));
        log.Write(Answer(999), [1, 2]);
        log.Flush();
        Assert.Equal(text.Length, disk.Length);
    }

    [Fact]
    public void Writing_allocates_nothing()
    {
        using var log = new PredictionLog(Stream.Null, Outputs);
        var answer = Answer(1);
        float[] values = [1.5f, float.NaN];
        void Write()
        {
            for (var tick = 0; tick < 2000; tick++) log.Write(in answer, values);
        }

        Write();
        Assert.Equal(0, AllocationGate.LeastBytes(Write));
    }

    private static TickAnswer Answer(long tick) => new()
    {
        Tick = tick,
        Epoch = 1,
        Status = AnswerStatus.Fresh,
        Flags = AnswerFlags.PartialWindow | AnswerFlags.ClosedByBound,
        DataNs = 50_000_000,
        Sample = 1500,
        DueNs = 1000,
        ClosedNs = 2000,
        DecodedNs = 3000,
        EmittedNs = 4000,
        AgeNs = -123,
        ClockUncertaintyNs = 456,
        Spikes = 99,
    };

    /// <summary>Takes part of the write that no longer fits, as a real disk does, and then fails.</summary>
    private sealed class SmallDisk(int capacity) : MemoryStream
    {
        public override void Write(byte[] buffer, int offset, int count)
        {
            var room = (int)Math.Min(count, capacity - Length);
            base.Write(buffer, offset, room);
            if (room < count) throw new IOException("no space left on device");
        }
    }
}
