using Realtime.Acquisition.Recordings;
using Realtime.Engine.Frames;
using Realtime.Engine.Time;

namespace Realtime.Host.Running.Recording;

/// <summary>
/// Video frames on their way to the disk: pixels wait in the tap's ring until the tick that they were given for has been answered. Recorder thread only;
/// allocates when a session's first frame comes, else nothing.
/// </summary>
internal sealed class FrameRecorder
{
    private readonly FrameRing _ring;
    private readonly Queue<(long ShownNs, long FromNs)> _waiting;
    private bool _begun;
    private bool _areBytes;
    private long _added;

    /// <param name="ring">Filled by the decode thread; this is its only consumer.</param>
    public FrameRecorder(FrameRing ring)
    {
        _ring = ring;
        _waiting = new Queue<(long, long)>(ring.Capacity);
    }

    /// <summary>Frames that lie in the sessions that were closed.</summary>
    public long Written { get; private set; }

    /// <summary>Frames before the first or after the last answered tick.</summary>
    public long Outside { get; private set; }

    /// <summary>Frames that were taken over and could not be written.</summary>
    public long Lost { get; private set; }

    /// <summary>Takes the next frame of the ring.</summary>
    /// <inheritdoc cref="Engine.Ticks.IInputTap.TakeFrame"/>
    public void Take(long shownNs, long fromNs) => _waiting.Enqueue((shownNs, fromNs));

    /// <summary>Writes what waits.</summary>
    /// <param name="session">Being recorded.</param>
    /// <param name="startNs">Its time 0.</param>
    /// <param name="originSample">Its sample 0.</param>
    /// <param name="timeline">Of the run.</param>
    /// <exception cref="IOException">The disk could not be written.</exception>
    public void Write(SessionAppender session, long startNs, long originSample, in SampleTimeline timeline)
    {
        while (_waiting.TryDequeue(out var frame))
        {
            try
            {
                _ring.TryPeek(out var stamp, out var pixels);
                if (frame.ShownNs < startNs) Outside++;
                else if (IsRefused(stamp.AreBytes)) Lost++;
                else
                {
                    _added++;
                    if (!_begun) session.BeginFrames(_ring.Shape, _areBytes = stamp.AreBytes);
                    _begun = true;
                    session.AddFrame(timeline.SampleAt(frame.ShownNs) - originSample, timeline.SampleAt(frame.FromNs) - originSample, pixels);
                }
            }
            finally
            {
                _ring.Release();
            }
        }
    }

    /// <summary>Leaves out what waits.</summary>
    /// <param name="asLost">Whether it should have been written.</param>
    public void Drop(bool asLost)
    {
        for (; _waiting.TryDequeue(out _); _ring.Release())
        {
            _ring.TryPeek(out _, out _);
            if (asLost) Lost++;
            else Outside++;
        }
    }

    /// <summary>The session ends.</summary>
    /// <param name="rows">Frames that lie whole in it.</param>
    public void Close(long rows)
    {
        Written += rows;
        Lost += _added - rows;
        (_added, _begun) = (0, false);
    }

    /// <summary>A file keeps one type of number, the first frame's, and no more of them than a session is read with.</summary>
    private bool IsRefused(bool areBytes) => (_begun && _areBytes && !areBytes) || (_added + 1) * _ring.Shape.Pixels > Array.MaxLength;
}
