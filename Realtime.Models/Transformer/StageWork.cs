namespace Realtime.Models.Transformer;

/// <summary>The multiply-adds of one stage of one tick.</summary>
public readonly record struct StageWork(string Stage, double MultiplyAdds);
