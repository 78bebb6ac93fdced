namespace Realtime.Acquisition.MessagePack;

/// <summary>What kind of value comes next in a MessagePack message.</summary>
public enum MsgPackType : byte
{
    /// <summary>No value: the message has ended, or the reader has failed.</summary>
    None = 0,

    Nil,

    Boolean,

    /// <summary>An integer of any width and sign.</summary>
    Integer,

    Float32,

    Float64,

    /// <summary>UTF-8 text.</summary>
    String,

    /// <summary>Bytes.</summary>
    Binary,

    Array,

    Map,

    /// <summary>An application's own type or a timestamp; it can only be skipped.</summary>
    Extension,

    /// <summary>The byte 0xC1, which no message may hold.</summary>
    Reserved,
}
