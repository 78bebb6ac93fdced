using System.Globalization;
using System.Numerics;
using Realtime.Acquisition.Recordings;
using Realtime.Engine.Decoding;
using Realtime.Engine.Sessions;

namespace Realtime.Interop.Tests.Recordings;

public sealed class NumpyTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("npy ü ").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [NeedsPythonFact("numpy")]
    public void Every_type_order_and_version_that_numpy_writes_is_read()
    {
        Run("Recordings/npy_peer.py", "write", "done");
        CheckReads("f4", 0, -1.5f, 0.1f, float.MaxValue, 1.17549435e-38f, float.NaN);
        CheckReads("f8", 0, -1.5, 0.1, double.MaxValue, 2.2250738585072014e-308, double.NaN);
        CheckReads<sbyte>("i1", 0, 1, sbyte.MinValue, sbyte.MaxValue, sbyte.MaxValue - 1, 7);
        CheckReads<short>("i2", 0, 1, short.MinValue, short.MaxValue, short.MaxValue - 1, 7);
        CheckReads("i4", 0, 1, int.MinValue, int.MaxValue, int.MaxValue - 1, 7);
        CheckReads("i8", 0, 1, long.MinValue, long.MaxValue, long.MaxValue - 1, 7);
        CheckReads<byte>("u1", 0, 1, 0, byte.MaxValue, byte.MaxValue - 1, 7);
        CheckReads<ushort>("u2", 0, 1, 0, ushort.MaxValue, ushort.MaxValue - 1, 7);
        CheckReads<uint>("u4", 0, 1, 0, uint.MaxValue, uint.MaxValue - 1, 7);
        CheckReads<ulong>("u8", 0, 1, 0, ulong.MaxValue, ulong.MaxValue - 1, 7);
        Assert.Equal([0L, 4L], NpyFile.Read<double>(At("empty.npy")).Shape);
        Assert.Contains("pickled", Assert.Throws<SessionFormatException>(() =>
            NpyFile.Read<double>(At("objects.npy"))).Message, StringComparison.Ordinal);
    }

    [NeedsPythonFact("numpy")]
    public void Every_type_that_is_written_loads_in_numpy()
    {
        Write("f4", 0, -1.5f, 0.1f, float.MaxValue, 1.17549435e-38f, PositiveNan32);
        Write("f8", 0, -1.5, 0.1, double.MaxValue, 2.2250738585072014e-308, PositiveNan64);
        Write<sbyte>("i1", 0, 1, sbyte.MinValue, sbyte.MaxValue, sbyte.MaxValue - 1, 7);
        Write<short>("i2", 0, 1, short.MinValue, short.MaxValue, short.MaxValue - 1, 7);
        Write("i4", 0, 1, int.MinValue, int.MaxValue, int.MaxValue - 1, 7);
        Write("i8", 0, 1, long.MinValue, long.MaxValue, long.MaxValue - 1, 7);
        Write<byte>("u1", 0, 1, 0, byte.MaxValue, byte.MaxValue - 1, 7);
        Write<ushort>("u2", 0, 1, 0, ushort.MaxValue, ushort.MaxValue - 1, 7);
        Write<uint>("u4", 0, 1, 0, uint.MaxValue, uint.MaxValue - 1, 7);
        Write<ulong>("u8", 0, 1, 0, ulong.MaxValue, ulong.MaxValue - 1, 7);
        Run("Recordings/npy_peer.py", "check", "same");
    }

    [NeedsPythonFact("numpy")]
    public void A_session_that_numpy_wrote_is_read_to_the_same_samples()
    {
        var printed = Run("Recordings/session_peer.py", "write");
        var session = SessionReader.Read(_folder);
        Assert.Equal(500, session.SpikeSamples.Length);
        Assert.Equal(long.Parse(printed, CultureInfo.InvariantCulture), session.SpikeSamples.Sum());
        Assert.Equal(2000, session.BehaviourSamples.Length);
        Assert.Equal(MathF.Sin(0.015f), session.BehaviourValues[3], 1e-6f);
        Assert.Equal((400, new FrameShape(2, 3), 1500L), (session.Frames!.Count, session.Frames.Shape, session.Frames.Samples[1]));
        Assert.Equal((6 * 50 + 4) % 251, session.Frames.Bytes[6 * 50 + 4]);
    }

    [NeedsPythonFact("numpy")]
    public void A_session_that_is_written_loads_in_numpy()
    {
        var session = new Session
        {
            Name = "drei",
            SampleRateHz = 30_000,
            Units = UnitTable.Numbered(3),
            SpikeSamples = [3, 70_001, 149_999],
            SpikeUnits = [0, 2, 1],
            Behaviour = [new OutputChannel("x", "cm")],
            BehaviourSamples = [0, 300],
            BehaviourValues = [1, 2],
            Frames = new SessionFrames([0, 1500], new FrameShape(1, 3), [1, 2, 3, 4, 5, (byte)250]),
            DurationSeconds = 5,
            Segments = [new TimeRange(0, 5)],
            Train = [new TimeRange(0, 3)],
            Valid = [new TimeRange(3, 4)],
            Test = [new TimeRange(4, 5)],
        };
        SessionWriter.Write(session, At("out"));
        using var peer = PythonPeer.Start("Recordings/session_peer.py", "print", At("out"));
        peer.Expect("drei 3 3 2 2 220003 (2, 1, 3) uint8 250 0.05");
        Assert.Equal(0, peer.WaitForExit());
    }

    // NumPy's NaN has no sign; .NET's has one.
    private static float PositiveNan32 => BitConverter.Int32BitsToSingle(0x7FC00000);

    private static double PositiveNan64 => BitConverter.Int64BitsToDouble(0x7FF8000000000000);

    private void CheckReads<T>(string type, params T[] expected) where T : unmanaged, INumber<T>
    {
        foreach (var order in new[] { "le", "be" })
        {
            foreach (var form in new[] { "v1", "v2", "v3", "fortran" })
            {
                var array = NpyFile.Read<T>(At($"{type}{order}.{form}.npy"));
                Assert.Equal(expected, array.Values);
                Assert.Equal([2L, 3L], array.Shape);
            }
        }
    }

    private void Write<T>(string type, params T[] values) where T : unmanaged => NpyFile.Write<T>(At($"{type}.npy"), values, 2, 3);

    private string At(string name) => Path.Combine(_folder, name);

    private string Run(string script, string verb, string? expected = null)
    {
        using var peer = PythonPeer.Start(script, verb, _folder);
        var line = peer.ReadLine();
        Assert.Equal(0, peer.WaitForExit());
        if (expected is not null) Assert.Equal(expected, line);
        return line;
    }
}
