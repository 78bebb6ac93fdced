namespace Realtime.Acquisition.ZeroMq.Wire;

/// <summary>What a peer may send in one message.</summary>
internal readonly record struct FrameLimits(int FrameBytes, int Frames, int MessageBytes)
{
    /// <summary>
    /// Longest command. 4 KiB: READY of the largest known peer is under 100 bytes, and a subscription prefix or an error text
    /// longer than this is a mistake.
    /// </summary>
    public const int CommandBytes = 4096;

    /// <summary>Read-ahead room beside the largest message, bytes: a receive takes this much at once when messages are small.</summary>
    public const int ReadAhead = 64 * 1024;

    /// <summary>Bytes that hold the largest message with headers, a few commands between its frames, and the read-ahead.</summary>
    public int BufferBytes => MessageBytes + Frames * FrameWriter.MaxHeaderBytes + 4 * CommandBytes + ReadAhead;

    public static FrameLimits From(ZmtpOptions options) => new(options.MaxFrameBytes, options.MaxFrames, options.MaxMessageBytes);

    /// <summary>For a publisher's peers, which send nothing but subscriptions.</summary>
    public static FrameLimits Subscriptions => new(CommandBytes, 1, CommandBytes);
}
