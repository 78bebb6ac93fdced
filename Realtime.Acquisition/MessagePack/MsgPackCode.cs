namespace Realtime.Acquisition.MessagePack;

/// <summary>The first bytes of MessagePack values (github.com/msgpack/msgpack, spec.md, "Formats").</summary>
internal static class MsgPackCode
{
    public const byte FixMap = 0x80;
    public const byte FixArray = 0x90;
    public const byte FixString = 0xA0;
    public const byte Nil = 0xC0;
    public const byte False = 0xC2;
    public const byte True = 0xC3;
    public const byte Binary8 = 0xC4;
    public const byte Binary16 = 0xC5;
    public const byte Binary32 = 0xC6;
    public const byte Extension8 = 0xC7;
    public const byte Extension16 = 0xC8;
    public const byte Extension32 = 0xC9;
    public const byte Float32 = 0xCA;
    public const byte Float64 = 0xCB;
    public const byte UInt8 = 0xCC;
    public const byte UInt16 = 0xCD;
    public const byte UInt32 = 0xCE;
    public const byte UInt64 = 0xCF;
    public const byte Int8 = 0xD0;
    public const byte Int16 = 0xD1;
    public const byte Int32 = 0xD2;
    public const byte Int64 = 0xD3;
    public const byte FixExtension1 = 0xD4;
    public const byte FixExtension16 = 0xD8;
    public const byte String8 = 0xD9;
    public const byte String16 = 0xDA;
    public const byte String32 = 0xDB;
    public const byte Array16 = 0xDC;
    public const byte Array32 = 0xDD;
    public const byte Map16 = 0xDE;
    public const byte Map32 = 0xDF;
    public const byte NegativeFixInt = 0xE0;

    /// <summary>Greatest length in a fixstr's first byte.</summary>
    public const int FixStringMax = 31;

    /// <summary>Greatest count in a fixarray's or fixmap's first byte.</summary>
    public const int FixCountMax = 15;

    /// <summary>The kind of value that a first byte announces.</summary>
    public static MsgPackType TypeOf(byte code) => code switch
    {
        < FixMap or >= NegativeFixInt => MsgPackType.Integer,
        < FixArray => MsgPackType.Map,
        < FixString => MsgPackType.Array,
        < Nil => MsgPackType.String,
        Nil => MsgPackType.Nil,
        False or True => MsgPackType.Boolean,
        Binary8 or Binary16 or Binary32 => MsgPackType.Binary,
        Float32 => MsgPackType.Float32,
        Float64 => MsgPackType.Float64,
        >= UInt8 and <= Int64 => MsgPackType.Integer,
        Extension8 or Extension16 or Extension32 or (>= FixExtension1 and <= FixExtension16) => MsgPackType.Extension,
        String8 or String16 or String32 => MsgPackType.String,
        Array16 or Array32 => MsgPackType.Array,
        Map16 or Map32 => MsgPackType.Map,
        _ => MsgPackType.Reserved,
    };

    /// <summary>
    /// Bytes of the length field after a first byte of a string, bin, array, map or extension; 0 where the byte itself holds the
    /// length.
    /// </summary>
    public static int LengthWidth(byte code) => code switch
    {
        Binary8 or Extension8 or String8 => 1,
        Binary16 or Extension16 or String16 or Array16 or Map16 => 2,
        Binary32 or Extension32 or String32 or Array32 or Map32 => 4,
        _ => 0,
    };

    /// <summary>Bytes that an integer takes in its shortest form, first byte included.</summary>
    public static int IntegerSize(long value) => value < 0
        ? value switch { >= -32 => 1, >= sbyte.MinValue => 2, >= short.MinValue => 3, >= int.MinValue => 5, _ => 9 }
        : UnsignedSize((ulong)value);

    /// <inheritdoc cref="IntegerSize"/>
    public static int UnsignedSize(ulong value) =>
        value switch { < FixMap => 1, <= byte.MaxValue => 2, <= ushort.MaxValue => 3, <= uint.MaxValue => 5, _ => 9 };
}
