namespace Realtime.Acquisition.MessagePack;

/// <summary>Why a MessagePack value was refused (reader) or could not be written (writer).</summary>
public enum MsgPackError : byte
{
    None = 0,

    /// <summary>The message ends inside the value, or an array or map announces more entries than there are bytes left.</summary>
    EndOfData,

    /// <summary>The value is of another type than the one asked for.</summary>
    UnexpectedType,

    /// <summary>The number does not fit the type asked for; for the writer, a negative count.</summary>
    OutOfRange,

    /// <summary>The byte 0xC1, which the format never uses.</summary>
    ReservedByte,

    /// <summary>Longer than <see cref="MsgPackLimits.MaxMessageBytes"/>.</summary>
    MessageTooLong,

    /// <summary>Longer than <see cref="MsgPackLimits.MaxStringBytes"/>.</summary>
    StringTooLong,

    /// <summary>Longer than <see cref="MsgPackLimits.MaxBinaryBytes"/>; extension payloads count as binary.</summary>
    BinaryTooLong,

    /// <summary>More items than <see cref="MsgPackLimits.MaxArrayItems"/>.</summary>
    ArrayTooLong,

    /// <summary>More entries than <see cref="MsgPackLimits.MaxMapEntries"/>.</summary>
    MapTooLong,

    /// <summary>Nested deeper than <see cref="MsgPackLimits.MaxDepth"/>.</summary>
    TooDeep,

    /// <summary>A string that is not UTF-8.</summary>
    InvalidUtf8,

    /// <summary>A number or length in a wider form than needed, where <see cref="MsgPackLimits.RequireShortestForm"/> is set.</summary>
    NotShortestForm,

    /// <summary>Bytes follow the last value.</summary>
    TrailingBytes,

    /// <summary>The writer's destination is full.</summary>
    DestinationTooShort,
}
