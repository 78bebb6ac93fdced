using Realtime.Engine.Decoding;
using Realtime.Engine.Sessions;

namespace Realtime.Tests.Recordings;

internal static class SmallSession
{
    /// <summary>Three units, six spikes, two behaviour columns with one unknown value, three frames of bytes, a pause, at an odd clock rate.</summary>
    public static Session Make() => new()
    {
        Name = "klein",
        SampleRateHz = 29_999.757,
        Units = new UnitTable([new("probe A", "Electrode 1", 1), new("probe A", "Electrode 1", 2), new("sonde é", "tetrode 4", 0)]),
        SpikeSamples = [0, 1, 1, 45_000, 89_999, 299_997],
        SpikeUnits = [0, 2, 1, 1, 0, 2],
        Behaviour = [new OutputChannel("x", "cm"), new OutputChannel("y", "cm")],
        BehaviourSamples = [0, 300, 90_000],
        BehaviourValues = [1.5f, -2f, float.NaN, 0f, 3.25f, 1e-30f],
        Frames = new SessionFrames([600, 2100, 299_000], new FrameShape(2, 3), [.. Enumerable.Range(0, 18).Select(pixel => (byte)(pixel * 15))]),
        DurationSeconds = 10,
        Segments = [new TimeRange(0, 4), new TimeRange(5, 10)],
        Train = [new TimeRange(0, 4)],
        Valid = [new TimeRange(5, 7.5)],
        Test = [new TimeRange(7.5, 10)],
        Source = "made for a test",
    };

    public static void AssertSame(Session expected, Session actual)
    {
        Assert.Equal(expected.Name, actual.Name);
        Assert.Equal(expected.SampleRateHz, actual.SampleRateHz);
        Assert.Equal(expected.Units.Units, actual.Units.Units);
        Assert.Equal(expected.SpikeSamples, actual.SpikeSamples);
        Assert.Equal(expected.SpikeUnits, actual.SpikeUnits);
        Assert.Equal(expected.Behaviour, actual.Behaviour);
        Assert.Equal(expected.BehaviourSamples, actual.BehaviourSamples);
        // As bits, since an unknown value is NaN.
        Assert.Equal(Bits(expected), Bits(actual));
        Assert.Equal((expected.Frames?.Shape, expected.Frames?.AreBytes), (actual.Frames?.Shape, actual.Frames?.AreBytes));
        Assert.Equal(expected.Frames?.Arrivals, actual.Frames?.Arrivals);
        if (expected.Frames is { } frames && actual.Frames is { } read)
        {
            Assert.Equal(frames.Samples, read.Samples);
            Assert.Equal(frames.Bytes.ToArray(), read.Bytes.ToArray());
            Assert.Equal(frames.Numbers.ToArray(), read.Numbers.ToArray());
        }

        Assert.Equal(expected.DurationSeconds, actual.DurationSeconds);
        Assert.Equal(expected.Segments, actual.Segments);
        Assert.Equal(expected.Train, actual.Train);
        Assert.Equal(expected.Valid, actual.Valid);
        Assert.Equal(expected.Test, actual.Test);
        Assert.Equal(expected.Source, actual.Source);
    }

    private static int[] Bits(Session session) => Array.ConvertAll(session.BehaviourValues, BitConverter.SingleToInt32Bits);
}
