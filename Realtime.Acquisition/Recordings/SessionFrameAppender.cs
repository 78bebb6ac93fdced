using Realtime.Engine.Decoding;

namespace Realtime.Acquisition.Recordings;

/// <summary>Writes the video frames of a session that is being recorded. One thread; adding allocates nothing.</summary>
internal sealed class SessionFrameAppender : IDisposable
{
    private readonly NpyAppender<double> _times;
    private readonly NpyAppender<double> _arrivals;
    private readonly NpyAppender<byte>? _bytes;
    private readonly NpyAppender<float>? _numbers;
    private readonly byte[] _row;

    /// <param name="folder">The session's; holds no frames yet.</param>
    /// <param name="shape">Size of every frame.</param>
    /// <param name="areBytes">Whether pixels are kept as bytes, 0 to 255; else as float32.</param>
    /// <exception cref="IOException">The files cannot be made.</exception>
    public SessionFrameAppender(string folder, FrameShape shape, bool areBytes)
    {
        var pixels = Path.Combine(folder, SessionFiles.FrameValues);
        _row = new byte[areBytes ? shape.Pixels : 0];

        // The pixels' file first: its header holds the frames' size, which nothing else tells.
        if (areBytes) _bytes = new NpyAppender<byte>(pixels, shape.Height, shape.Width);
        else _numbers = new NpyAppender<float>(pixels, shape.Height, shape.Width);
        try
        {
            _times = new NpyAppender<double>(Path.Combine(folder, SessionFiles.FrameTimes));
            _arrivals = new NpyAppender<double>(Path.Combine(folder, SessionFiles.FrameArrivals));
        }
        catch
        {
            _times?.Dispose();
            _bytes?.Dispose();
            _numbers?.Dispose();
            throw;
        }
    }

    /// <summary>Frames that lie whole in the folder.</summary>
    public long Rows => Math.Min(Math.Min(_times.Rows, _arrivals.Rows), _bytes?.Rows ?? _numbers!.Rows);

    /// <summary>Adds a frame.</summary>
    /// <param name="time">When it was shown, s.</param>
    /// <param name="arrival">When it could first be used, s.</param>
    /// <param name="pixels">[height, width].</param>
    /// <exception cref="IOException">The disk could not be written.</exception>
    public void Add(double time, double arrival, ReadOnlySpan<float> pixels)
    {
        _times.Add(time);
        _arrivals.Add(arrival);
        if (_bytes is null)
        {
            _numbers!.Add(pixels);
            return;
        }

        for (var i = 0; i < pixels.Length; i++) _row[i] = (byte)pixels[i];
        _bytes.Add(_row);
    }

    /// <summary>Writes out what has come.</summary>
    /// <exception cref="IOException">The disk could not be written.</exception>
    public void Flush()
    {
        _times.Flush();
        _arrivals.Flush();
        _bytes?.Flush();
        _numbers?.Flush();
    }

    public void Dispose()
    {
        _times.Dispose();
        _arrivals.Dispose();
        _bytes?.Dispose();
        _numbers?.Dispose();
    }
}
