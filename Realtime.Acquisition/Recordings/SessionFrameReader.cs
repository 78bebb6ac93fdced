using Realtime.Engine.Decoding;
using Realtime.Engine.Sessions;

namespace Realtime.Acquisition.Recordings;

/// <summary>Reads the video frames of a session folder.</summary>
internal static class SessionFrameReader
{
    /// <returns>Null where the folder has none.</returns>
    /// <exception cref="SessionFormatException">One of the two files is missing, damaged or at odds with the other.</exception>
    public static SessionFrames? Read(string folder, double rate)
    {
        var timesPath = Path.Combine(folder, SessionFiles.FrameTimes);
        var path = Path.Combine(folder, SessionFiles.FrameValues);
        var (hasTimes, hasValues) = (File.Exists(timesPath), File.Exists(path));
        if (!hasTimes && !hasValues) return null;
        if (!hasTimes || !hasValues)
            throw new SessionFormatException(hasTimes ? path : timesPath, $"The file does not exist, but {(hasTimes ? SessionFiles.FrameTimes : SessionFiles.FrameValues)} does.",
                "Frames need both: the time at which each was shown, and its pixels. Add it, or take the other one away.");
        var samples = SessionTimes.Read(timesPath, rate);
        for (var i = 1; i < samples.Length; i++)
        {
            if (samples[i] > samples[i - 1]) continue;
            throw new SessionFormatException(timesPath, $"The frames at index {i - 1} and {i} were shown at the same moment, {samples[i] / rate} s.", "Leave one of them out.");
        }

        var arrivals = Arrivals(Path.Combine(folder, SessionFiles.FrameArrivals), samples, rate);
        var header = NpyFile.ReadHeader(path);
        if (header.Shape.Count != 3 || header.Shape[0] != samples.Length || header.Shape[1] < 1 || header.Shape[2] < 1)
            throw new SessionFormatException(path,
                $"Shape ({samples.Length}, height, width) was expected, a frame for each time of {SessionFiles.FrameTimes}, but it is {header.ShapeText}.",
                "Save one grey image per time; turn colours to grey first.");
        if (header.Count > Array.MaxLength)
            throw new SessionFormatException(path, $"It holds {header.Count} pixels; {Array.MaxLength} can be read.", "Scale the frames down to what a model reads, or split the session.");
        var shape = new FrameShape((int)header.Shape[1], (int)header.Shape[2]);
        return (header.Dtype.Kind, header.Dtype.Size) switch
        {
            (NpyKind.Unsigned, 1) => new SessionFrames(samples, shape, NpyFile.Read<byte>(path).Values, arrivals),
            (NpyKind.Float, 4) => new SessionFrames(samples, shape, Finite(path, NpyFile.Read<float>(path).Values, shape), arrivals),
            _ => throw new SessionFormatException(path, $"Pixels of uint8 or float32 were expected, but the dtype is {header.Dtype}.",
                "Save with .astype(numpy.uint8), 0 to 255, or .astype(numpy.float32)."),
        };
    }

    private static long[]? Arrivals(string path, long[] samples, double rate)
    {
        if (!File.Exists(path)) return null;
        var arrivals = SessionTimes.Read(path, rate);
        if (arrivals.Length != samples.Length)
            throw new SessionFormatException(path, $"{samples.Length} times were expected, one for each of {SessionFiles.FrameTimes}, but it has {arrivals.Length}.", "Take the file away: each frame then arrives when it is shown.");
        for (var i = 0; i < samples.Length; i++)
        {
            if (arrivals[i] >= samples[i]) continue;
            throw new SessionFormatException(path, $"The frame at index {i} arrives at {arrivals[i] / rate} s, before it is shown at {samples[i] / rate} s.", "Write the later of the two.");
        }

        return arrivals;
    }

    private static float[] Finite(string path, float[] pixels, FrameShape shape)
    {
        var wrong = Array.FindIndex(pixels, pixel => !float.IsFinite(pixel));
        if (wrong < 0) return pixels;
        var (frame, row, column) = (wrong / shape.Pixels, wrong % shape.Pixels / shape.Width, wrong % shape.Width);
        throw new SessionFormatException(path, $"The pixel of frame {frame}, row {row}, column {column} is {pixels[wrong]}.", "Leave such frames out, times and pixels; a missing frame is stood for by the one before it.");
    }
}
