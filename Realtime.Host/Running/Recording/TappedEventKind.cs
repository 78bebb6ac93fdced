namespace Realtime.Host.Running.Recording;

/// <summary>What a <see cref="TappedEvent"/> tells.</summary>
public enum TappedEventKind : byte
{
    /// <summary>A spike was taken into the window.</summary>
    Spike,

    /// <summary>A video frame was given to the decoder; its pixels are the next of their ring.</summary>
    Frame,

    /// <summary>An epoch's ticks begin.</summary>
    Begin,

    /// <summary>A tick has been answered.</summary>
    Answered,

    /// <summary>The epoch is over.</summary>
    Restart,
}
