using Realtime.Acquisition.Recordings;

namespace Realtime.Tests.Recordings;

public sealed class SessionFrameReaderTests : IDisposable
{
    private const string Times = "frames.times.npy";
    private const string Values = "frames.values.npy";

    private readonly TempFolder _temp = new();

    public SessionFrameReaderTests() => SessionWriter.Write(SmallSession.Make(), Folder);

    private string Folder => _temp.File("session");

    public void Dispose() => _temp.Dispose();

    [Theory]
    [InlineData(Times)]
    [InlineData(Values)]
    public void One_file_without_the_other_is_refused_by_name(string gone)
    {
        File.Delete(Path.Combine(Folder, gone));
        Refused(gone, "does not exist");
    }

    [Fact]
    public void Frames_of_the_same_moment_or_out_of_order_are_refused_by_their_index()
    {
        NpyFile.Write<double>(At(Times), [0.02, 0.07, 0.07], 3);
        Refused(Times, "index 1 and 2", "same moment");
        NpyFile.Write<double>(At(Times), [0.02, 0.07, 0.05], 3);
        Refused(Times, "index 2", "must ascend");
        NpyFile.Write<double>(At(Times), [0.02, 0.07, 11], 3);
        Refused("meta.json", "or frame is at 1");
    }

    [Fact]
    public void Pixels_that_are_not_an_image_for_each_time_are_refused()
    {
        NpyFile.Write<byte>(At(Values), new byte[12], 2, 2, 3);
        Refused(Values, "(3, height, width)", "(2, 2, 3)");
        NpyFile.Write<byte>(At(Values), new byte[54], 3, 2, 3, 3);
        Refused(Values, "(3, 2, 3, 3)", "grey");
        NpyFile.Write<byte>(At(Values), [], 3, 0, 3);
        Refused(Values, "(3, 0, 3)");
    }

    [Fact]
    public void Pixels_of_another_type_or_without_a_value_are_refused()
    {
        NpyFile.Write<double>(At(Values), new double[18], 3, 2, 3);
        Refused(Values, "uint8 or float32", "<f8");
        NpyFile.Write<sbyte>(At(Values), new sbyte[18], 3, 2, 3);
        Refused(Values, "uint8 or float32", "|i1");
        var pixels = new float[18];
        pixels[16] = float.NaN;
        NpyFile.Write<float>(At(Values), pixels, 3, 2, 3);
        Refused(Values, "frame 2, row 1, column 1");
    }

    [Fact]
    public void Arrivals_that_are_not_one_for_each_frame_or_before_it_are_refused()
    {
        const string arrivals = "frames.arrivals.npy";
        var times = NpyFile.Read<double>(At(Times)).Values;
        NpyFile.Write<double>(At(arrivals), [times[0], times[1]], 2);
        Refused(arrivals, "3 times", "it has 2");
        NpyFile.Write<double>(At(arrivals), [times[0], times[1] - 0.01, times[2]], 3);
        Refused(arrivals, "index 1", "before it is shown");
        NpyFile.Write<double>(At(arrivals), [times[0], times[2], times[2]], 3);
        var frames = SessionReader.Read(Folder).Frames!;
        Assert.Equal([frames.Samples[0], frames.Samples[2], frames.Samples[2]], frames.Arrivals);
    }

    private string At(string file) => Path.Combine(Folder, file);

    private void Refused(string file, params string[] said)
    {
        var error = Assert.Throws<SessionFormatException>(() => SessionReader.Read(Folder));
        Assert.EndsWith(file, error.File, StringComparison.Ordinal);
        foreach (var text in said) Assert.Contains(text, error.Message, StringComparison.Ordinal);
    }
}
