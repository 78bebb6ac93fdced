namespace Realtime.Models.Poyo;

/// <summary>Rows of POYO's token type table; row 3 is not used.</summary>
internal static class PoyoTokenType
{
    public const int Spike = 0;
    public const int WindowStart = 1;
    public const int WindowEnd = 2;
    public const int Rows = 4;
}
