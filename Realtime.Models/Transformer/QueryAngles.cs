namespace Realtime.Models.Transformer;

/// <summary>How the rotary angles of output queries are formed.</summary>
public enum QueryAngles
{
    /// <summary>In double.</summary>
    Exact,

    /// <summary>As float32 products, off by up to 0.008 rad: only to compare with what upstream's float32 model gave.</summary>
    Float32,
}
